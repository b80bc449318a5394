package conformance_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/conformance/cases"
	"github.com/putget-protocol/putget/conformance/report"
	"github.com/putget-protocol/putget/spec"
)

// The suite judges our own server, or any other:
//
//	go test -count=1 ./conformance
//	go test ./conformance -args -addr=127.0.0.1:8888 -level=core
var (
	addrFlag  = flag.String("addr", "", "judge what listens at `host:port` instead of our own server, and run nothing but that")
	levelFlag = flag.String("level", string(spec.Full), "level that is judged: core or full")
	waitFlag  = flag.Duration("wait", conformance.DefaultTimeout, "longest silence before an answer is missing")
)

// TestMain leaves the tests of the judge itself out when a server is to be judged, and
// makes this program a target where a test asks for that.
func TestMain(m *testing.M) {
	if kind := os.Getenv(targetVariable); kind != "" {
		beTarget(kind, os.Args[1])
		return
	}
	flag.Parse()
	if *addrFlag != "" && flag.Lookup("test.run").Value.String() == "" {
		flag.Set("test.run", "^TestConformance$") // the flag exists, and takes every pattern
	}
	os.Exit(m.Run())
}

func TestConformance(t *testing.T) {
	watchSources(t)
	suite, reporter := GinkgoConfiguration()
	suite.FailOnEmpty = true
	suite.FailOnPending = true
	RegisterFailHandler(Fail)
	RunSpecs(t, "PutGet conformance, level "+*levelFlag, suite, reporter)
}

// runner judges the target of the suite; each case is judged where its It runs.
var runner *conformance.Runner

var _ = BeforeSuite(func(ctx SpecContext) {
	addr := *addrFlag
	if addr == "" {
		addr = startPutgetd(ctx)
	}
	var err error
	runner, err = conformance.NewRunner(conformance.Config{Addr: addr, Level: spec.Level(*levelFlag), Timeout: *waitFlag})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(runner.Close)
	Expect(runner.Start(ctx)).To(Succeed())
})

// Blocked cases are skipped, so the suite as a whole says whether the target conforms.
var _ = ReportAfterSuite("verdict", func(r Report) {
	if runner == nil || r.PreRunStats.SpecsThatWillRun == 0 {
		return
	}
	rep := runner.Finish()
	p := &report.Printer{W: GinkgoWriter}
	Expect(p.Summary(rep)).To(Succeed())
	Expect(rep.Broken()).To(BeFalse(), "the target does not conform")
})

var _ = describeSections()

// describeSections makes a Describe of each section and an It of each case.
func describeSections() bool {
	sections, err := cases.Sections()
	if err != nil {
		panic(err) // the vectors, which are part of this binary, are damaged
	}
	for _, section := range sections {
		Describe(section.Name, func() {
			for _, c := range section.Cases {
				if isOfLevel(c) {
					It(c.ID+": "+c.Title, labels(c), func(ctx SpecContext) { judge(ctx, c) })
				}
			}
		})
	}
	return true
}

// isOfLevel reports whether a case runs at the level of the suite. The flags are
// parsed by now: Ginkgo builds its tree when the suite is run.
func isOfLevel(c cases.Case) bool {
	switch {
	case *levelFlag == string(spec.Core):
		return c.Level == spec.Core || c.Observes
	default:
		return c.Level == spec.Core || !c.Observes
	}
}

func labels(c cases.Case) Labels {
	labels := Labels{string(c.Level), string(c.Side), c.ID}
	if c.Observes {
		labels = append(labels, "observed")
	}
	return append(labels, c.Requirements...)
}

func judge(ctx context.Context, c cases.Case) {
	outcome := runner.Judge(ctx, c)
	for _, step := range outcome.Steps {
		AddReportEntry(step.Connection+" "+step.Kind, report.QuoteShort(step.Bytes, 200), ReportEntryVisibilityFailureOrVerbose)
	}
	for _, fact := range outcome.Facts {
		AddReportEntry("fact: "+fact.Name, fact.Value, ReportEntryVisibilityAlways)
	}
	switch outcome.Verdict {
	case report.Blocked:
		Skip(outcome.Reason)
	case report.Warn:
		AddReportEntry("warning", describeFailures(outcome), ReportEntryVisibilityAlways)
	}
	Expect(outcome).To(Conform())
}

// startPutgetd builds our server, as a program, starts it and returns its address.
func startPutgetd(ctx context.Context) string {
	program := filepath.Join(GinkgoT().TempDir(), "putgetd")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, module+"/server/cmd/putgetd")
	out, err := build.CombinedOutput()
	Expect(err).NotTo(HaveOccurred(), "go build: %s", out)

	cmd := exec.Command(program, "--addr", "127.0.0.1:0")
	cmd.Stderr = GinkgoWriter
	stdout, err := cmd.StdoutPipe()
	Expect(err).NotTo(HaveOccurred())
	Expect(cmd.Start()).To(Succeed())
	DeferCleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM) // fails when it is gone, which Wait tells
		Expect(cmd.Wait()).To(Succeed(), "putgetd ends in order")
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	Expect(err).NotTo(HaveOccurred())
	addr, found := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	Expect(found).To(BeTrue(), "putgetd says where it listens, not %q", line)
	return addr
}

// describeFailures writes failures with fixed wording.
func describeFailures(c report.Case) string {
	var text strings.Builder
	for _, f := range c.Failures {
		q, _ := spec.Find(f.Requirement)
		fmt.Fprintf(&text, "%s: %s\n  %s in the reply to %s\n  got  %s\n  want %s", f.Requirement, q.Text, f.Symptom,
			report.QuoteShort(f.Request, 200), report.QuoteShort(f.Reply, 400), f.Want)
		if f.Detail != "" {
			fmt.Fprintf(&text, "; %s", f.Detail)
		}
		text.WriteString("\n")
	}
	return text.String()
}
