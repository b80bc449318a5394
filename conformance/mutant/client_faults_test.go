package mutant_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/mutant"
)

// plenty is for clients that are to do well, however busy this machine is; little for
// faults, some of which never end.
func plenty(s scene) patience {
	p := patience{scene: 90 * time.Second, timeout: 30 * time.Second}
	if strings.HasPrefix(s.name, "Silence") {
		p.timeout = 5 * time.Second // which it waits for
	}
	return p
}

func little() patience { return patience{scene: 2 * time.Second, timeout: 500 * time.Millisecond} }

// ends are the faults that end the whole process, which is not for a test in it.
func ends() map[string]bool { return map[string]bool{"error-ends-program": true} }

// The right client does in each scene what the specification says.
func TestRightClient(t *testing.T) {
	tests := []struct{ name, want string }{
		{"OpensAndNothingElse", "A> opened\n{\"ok\":null}\n"},
		{"Plain", "A> opened\nA> put palm.cpu 0.5 7\n\nA> get palm.cpu\n\nA> put palm.cpu 0.5 7\n\nA> get palm.cpu\n\nA> put palm.cpu 0.5 7\n\nA> get *\n\nA> get palm.cpu\n\n" +
			"{\"ok\":null}\n{\"ok\":null}\n{\"ok\":{\"palm.cpu\":[[7,0.5]]}}\n{\"ok\":null}\n{\"ok\":{\"palm.cpu\":[[7,0.5]]}}\n{\"ok\":null}\n{\"ok\":{\"palm.cpu\":[[7,0.5]]}}\n{\"ok\":{\"palm.cpu\":[[7,0.5]]}}\n"},
		{"Refused", "\n{\"error\"\n{\"crash\"\n"},
		{"BadKeysOfGets", "A> opened\n{\"ok\":null}\n{\"error\"\n{\"error\"\n"},
		{"EndInPieces", "A> opened\nA> get *\n\n{\"ok\":null}\n{\"ok\":{\"k\":[[7,1.5]]}}\n"},
		{"ClosedInReply", "A> opened\nA> get *\n\n{\"ok\":null}\n{\"error\"\n{\"error\"\n"},
		{"Silence", "A> opened\nA> get *\n\n{\"ok\":null}\n{\"error\"\n{\"error\"\n"},
		{"UnaskedLater", "A> opened\nA> get palm.cpu\n\nA> get palm.cpu\n\n{\"ok\":null}\n{\"ok\":{\"palm.cpu\":[[7,0.5]]}}\n{\"ok\":{\"u\":[[1,1.0]]}}\n"},
	}
	byName := make(map[string]scene)
	for _, s := range scenes() {
		byName[s.name] = s
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, found := byName[tt.name]
			if !found {
				t.Fatal("there is no such scene")
			}
			if got := play(t, s, mutant.NewAdapter(), plenty(s)); got != tt.want {
				t.Errorf("the client did\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// Every fault changes something that can be seen from outside.
func TestEveryClientFaultShows(t *testing.T) {
	all, faults := scenes(), mutant.ClientFaults()
	right := make([]string, len(all))
	together(len(all), func(i int) { right[i] = play(t, all[i], mutant.NewAdapter(), little()) })
	var alone sync.Mutex // the processors are for one that keeps them busy
	together(len(faults), func(n int) {
		f := faults[n]
		switch {
		case ends()[f.ID]:
			return
		case strings.Contains(f.ID, "spins"):
			alone.Lock()
			defer alone.Unlock()
		}
		for _, i := range order(all, f.Breaks) {
			s := all[i]
			if got := play(t, s, mutant.NewAdapter(f), little()); got != right[i] {
				t.Logf("%s: %s:\n%s\ninstead of\n%s", f.ID, s.name, got[:min(len(got), 1000)], right[i][:min(len(right[i]), 1000)])
				return
			}
		}
		t.Errorf("%s did in every scene what the right client does", f.ID)
	})
}

// order returns the numbers of scenes, of those about a sentence first.
func order(all []scene, id string) []int {
	var first, rest []int
	for i, s := range all {
		if strings.Contains(s.about, id) {
			first = append(first, i)
		} else {
			rest = append(rest, i)
		}
	}
	return append(first, rest...)
}

// together calls do for 0 to n-1, several at once: these mostly wait.
func together(n int, do func(i int)) {
	var wg sync.WaitGroup
	defer wg.Wait()
	places := make(chan bool, 16)
	for i := range n {
		places <- true
		wg.Go(func() {
			defer func() { <-places }()
			do(i)
		})
	}
}

// A variant fails where the right client fails, and nowhere else, as far as level core
// goes.
func TestClientVariantsAreRight(t *testing.T) {
	variants, core := mutant.ClientVariants(), coreOnly(scenes())
	right := make([]string, len(core))
	together(len(core), func(i int) { right[i] = play(t, core[i], mutant.NewAdapter(), plenty(core[i])) })
	together(len(variants)*len(core), func(n int) {
		v, i := variants[n/len(core)], n%len(core)
		if v.ID == "talks" { // on the standard error of this test
			return
		}
		if got := play(t, core[i], mutant.NewVariantAdapter(v), plenty(core[i])); answersOf(got) != answersOf(right[i]) {
			t.Errorf("%s: %s: the client did\n%s\nwant\n%s", v.ID, core[i].name, got, right[i])
		}
	})
}

// coreOnly returns scenes of level core alone; what comes after a reply that breaks the
// form is of level full.
func coreOnly(all []scene) []scene {
	var core []scene
	for _, s := range all {
		switch s.name {
		case "Plain", "Results", "Errors":
			core = append(core, s)
		case "ClosedInReply", "Silence", `Broken"okay\n\n"`:
			s.calls = s.calls[:2]
			core = append(core, s)
		}
	}
	return core
}

// What the judge sends beyond the contract is answered, and does not end the client.
func TestAdapterOfClient(t *testing.T) {
	s := scene{calls: []string{`{"op":"get","args":["k"]}`, `no JSON`, `{"op":"shut","args":[]}`, open, open, get}, replies: []string{okGet}}
	want := "A> opened\nB> opened\nB> get palm.cpu\n\n{\"crash\"\n{\"crash\"\n{\"crash\"\n{\"ok\":null}\n{\"ok\":null}\n{\"ok\":{\"palm.cpu\":[[7,0.5]]}}\n"
	if got := play(t, s, mutant.NewAdapter(), plenty(s)); got != want {
		t.Errorf("the client did\n%s\nwant\n%s", got, want)
	}
}
