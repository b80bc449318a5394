package mutant

import (
	"slices"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// storeFaults break sections 5.1 and 5.2 too.
func storeFaults() []Fault {
	return slices.Concat(putFaults(), getFaults(), getAllFaults())
}

// putFaults are about what a put does.
func putFaults() []Fault {
	return []Fault{
		{
			ID: "put-echoes", Title: "the reply to put shows the sample", Breaks: "PUT-001", Core: true,
			Apply: func(b *Behaviour) {
				insert, line := b.Insert, ""
				b.Insert = func(st *Store, key string, s oracle.Sample) {
					s.Key = key
					line = b.Line(b, s)
					insert(st, key, s)
				}
				b.Put = func() string { return ok([]string{line}) }
			},
		},
		{
			ID: "first-put-lost", Title: "the first put of a key makes the key and stores no sample", Breaks: "PUT-002", Core: true,
			Apply: func(b *Behaviour) {
				insert := b.Insert
				b.Insert = func(st *Store, key string, s oracle.Sample) {
					if !slices.Contains(st.keys, key) {
						st.keys = append(st.keys, key)
						st.series[key] = []oracle.Sample{}
						return
					}
					insert(st, key, s)
				}
			},
		},
		{
			ID: "replaced-goes-last", Title: "a replaced sample moves to the end of its series, which is otherwise sorted", Breaks: "GET-004", Causes: []string{"GET-006", "TIM-003"}, Core: true,
			Apply: func(b *Behaviour) {
				replaced := make(map[string]bool)
				insert := b.Insert
				b.Insert = func(st *Store, key string, s oracle.Sample) {
					if st.index(key, s.Timestamp) >= 0 {
						replaced[key] = true
						st.remove(key, s.Timestamp)
					} else {
						replaced[key] = false
					}
					insert(st, key, s)
				}
				sorting := func(samples []oracle.Sample) {
					if len(samples) > 0 && replaced[samples[0].Key] {
						ascending(samples[:len(samples)-1])
						return
					}
					ascending(samples)
				}
				b.Sort, b.SortAll = sorting, sorting
			},
		},
	}
}

// getFaults are about what a get of one key shows.
func getFaults() []Fault {
	return []Fault{
		{
			ID: "keeps-twenty", Title: "only the last twenty samples of a key are kept", Breaks: "PUT-004", Causes: []string{"REP-010", "GET-005", "GET-001"}, Core: true,
			Apply: func(b *Behaviour) {
				insert := b.Insert
				b.Insert = func(st *Store, key string, s oracle.Sample) {
					insert(st, key, s)
					st.series[key] = st.series[key][max(0, len(st.series[key])-20):]
				}
			},
		},
		{
			ID: "ten-samples", Title: "a get shows the first ten samples only", Breaks: "GET-001", Causes: []string{"PUT-002", "PUT-004", "REP-010"}, Core: true,
			Apply: func(b *Behaviour) {
				get := b.Get
				b.Get = func(lines []string) string { return get(lines[:min(len(lines), 10)]) }
			},
		},
		{
			ID: "now-is-added", Title: "a get of a series of two samples or more shows another one behind them", Breaks: "GET-001", Causes: []string{"PUT-004", "PUT-002", "GET-003"}, Core: true,
			Apply: func(b *Behaviour) {
				find := b.Find
				b.Find = func(st *Store, key string) []oracle.Sample {
					found := find(st, key)
					if len(found) < 2 {
						return found
					}
					return append(found, oracle.Sample{Key: key, Value: 0.5, Timestamp: 4102444799})
				}
			},
		},
		{
			ID: "unknown-shows-all", Title: "a get of an unknown key shows the last sample of another", Breaks: "GET-002", Causes: []string{"GET-003", "LEX-011", "LEX-014"}, Core: true,
			Apply: func(b *Behaviour) {
				find := b.Find
				b.Find = func(st *Store, key string) []oracle.Sample {
					if found := find(st, key); len(found) > 0 || len(st.keys) == 0 {
						return found
					}
					last := st.of(st.keys[len(st.keys)-1])
					return last[len(last)-1:]
				}
			},
		},
	}
}

// getAllFaults are about what a get of everything shows.
func getAllFaults() []Fault {
	return []Fault{
		{
			ID: "star-is-key", Title: "get * looks for a key of that name", Breaks: "GET-005", Core: true,
			Apply: func(b *Behaviour) { b.All = func(*Store) []oracle.Sample { return nil } },
		},
		{
			ID: "all-latest", Title: "get * shows the last sample of each key only", Breaks: "GET-005", Causes: []string{"GET-006"}, Core: true,
			Apply: func(b *Behaviour) {
				b.All = func(st *Store) []oracle.Sample {
					var all []oracle.Sample
					for _, key := range st.keys {
						series := st.of(key)
						ascending(series)
						all = append(all, series[max(0, len(series)-1):]...)
					}
					return all
				}
			},
		},
		{
			ID: "empty-all-is-error", Title: "get * is an error as long as nothing is stored", Breaks: "GET-005", Core: true,
			Apply: func(b *Behaviour) {
				getAll := b.GetAll
				b.GetAll = func(lines []string) string {
					if len(lines) == 0 {
						return wrongCommand
					}
					return getAll(lines)
				}
			},
		},
		{
			ID: "all-descending", Title: "get * shows each series in descending order", Breaks: "GET-006", Core: true,
			Apply: func(b *Behaviour) {
				b.SortAll = func(s []oracle.Sample) { ascending(s); slices.Reverse(s) }
			},
		},
	}
}

// togetherFaults break section 7 too: they show when sessions meet.
func togetherFaults() []Fault {
	const moment = 15 * time.Millisecond
	return []Fault{
		{
			ID: "stale-once", Title: "a session that has seen a series sees a change by another session one get late", Breaks: "CON-001", Causes: []string{"CON-003", "CON-004"}, Core: true,
			Apply: staleOnce,
		},
		{
			ID: "all-own", Title: "get * shows only what its session has put", Breaks: "CON-002", Causes: []string{"GET-005", "CON-005"}, Core: true,
			Apply: allOwn,
		},
		{
			ID: "torn-replace", Title: "a replaced sample is gone for a moment before the new one is there", Breaks: "CON-003", Causes: []string{"CON-001", "CON-004", "CON-005"},
			Apply: func(b *Behaviour) {
				b.Insert = func(st *Store, key string, s oracle.Sample) {
					if st.index(key, s.Timestamp) >= 0 {
						st.remove(key, s.Timestamp)
						st.pause(moment)
					}
					st.replace(key, s)
				}
			},
		},
		{
			ID: "torn-get", Title: "a get reads a series in two halves, with a moment between them", Breaks: "CON-004", Causes: []string{"CON-003"},
			Apply: func(b *Behaviour) {
				b.Find = func(st *Store, key string) []oracle.Sample {
					early := st.of(key)
					if len(early) < 2 {
						return early
					}
					st.pause(moment)
					return halves(early, st.of(key))
				}
			},
		},
		{
			ID: "torn-all", Title: "get * reads everything in two halves, with a moment between them", Breaks: "CON-005", Causes: []string{"CON-003", "CON-004"},
			Apply: func(b *Behaviour) {
				b.All = func(st *Store) []oracle.Sample {
					early := make(map[string][]oracle.Sample)
					for key := range st.series {
						early[key] = st.of(key)
					}
					st.pause(moment)
					var all []oracle.Sample
					for _, key := range st.keys {
						all = append(all, halves(early[key], st.of(key))...)
					}
					return all
				}
			},
		},
	}
}

// halves returns the first half of a series as it was early, and the rest as it was
// late.
func halves(early, late []oracle.Sample) []oracle.Sample {
	if len(early) < 2 {
		return late
	}
	ascending(early)
	early = early[:len(early)/2]
	middle := early[len(early)-1].Timestamp
	return append(early, slices.DeleteFunc(late, func(s oracle.Sample) bool { return s.Timestamp <= middle })...)
}

func staleOnce(b *Behaviour) {
	var asking *Session
	store, find, insert := b.Store, b.Find, b.Insert
	b.Store = func(s *Session) *Store { asking = s; return store(s) }
	b.Insert = func(st *Store, key string, s oracle.Sample) {
		insert(st, key, s)
		if asking.seen[key] != nil {
			asking.seen[key] = find(st, key)
		}
	}
	b.Find = func(st *Store, key string) []oracle.Sample {
		before, fresh := asking.seen[key], find(st, key)
		if asking.seen == nil {
			asking.seen = make(map[string][]oracle.Sample)
		}
		asking.seen[key] = slices.Clone(fresh)
		if before != nil {
			return before
		}
		return fresh
	}
}

func allOwn(b *Behaviour) {
	var asking *Session
	store, insert, all := b.Store, b.Insert, b.All
	b.Store = func(s *Session) *Store { asking = s; return store(s) }
	b.Insert = func(st *Store, key string, s oracle.Sample) {
		if asking.seen == nil {
			asking.seen = make(map[string][]oracle.Sample)
		}
		asking.seen[key] = nil
		insert(st, key, s)
	}
	b.All = func(st *Store) []oracle.Sample {
		return slices.DeleteFunc(all(st), func(s oracle.Sample) bool { _, own := asking.seen[s.Key]; return !own })
	}
}
