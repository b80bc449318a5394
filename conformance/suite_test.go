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

// The suite judges our own server and our own client, or any other one of the two:
//
//	go test -count=1 ./conformance
//	go test ./conformance -args -addr=127.0.0.1:8888 -level=core
//	go test ./conformance -args -python=solution.py -level=core
var (
	addrFlag  = flag.String("addr", "", "judge what listens at `host:port` instead of our own, and run nothing but that")
	given     = clientFlags()
	levelFlag = flag.String("level", string(spec.Full), "level that is judged: core or full")
	waitFlag  = flag.Duration("wait", conformance.DefaultTimeout, "longest silence before an answer is missing")
)

// TestMain leaves the tests of the judge itself out when somebody else is to be judged, and
// makes this program a target where a test asks for that.
func TestMain(m *testing.M) {
	if kind := os.Getenv(targetVariable); kind != "" {
		beTarget(kind, os.Args[1])
		return
	}
	if kind := os.Getenv(clientVariable); kind != "" {
		beClient(kind)
		return
	}
	flag.Parse()
	if (*addrFlag != "" || given.Side == spec.Client) && flag.Lookup("test.run").Value.String() == "" {
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

// runners judge the targets of the suite by their sides; each case is judged where its
// It runs.
var runners = make(map[spec.Side]*conformance.Runner)

var _ = BeforeSuite(func(ctx SpecContext) {
	if isJudged(spec.Server) {
		addr := *addrFlag
		if addr == "" {
			addr = startPutgetd(ctx)
		}
		startRunner(ctx, conformance.Config{Addr: addr})
	}
	if isJudged(spec.Client) {
		client := *given
		if client.Side != spec.Client {
			client = conformance.Config{Side: spec.Client, Exec: buildPutget(ctx)}
		}
		startRunner(ctx, client)
	}
})

// startRunner makes the runner of a side and its target ready.
func startRunner(ctx context.Context, cfg conformance.Config) {
	cfg.Level, cfg.Timeout = spec.Level(*levelFlag), *waitFlag
	cfg.Seed = uint64(GinkgoRandomSeed()) // so that -ginkgo.seed reproduces what is generated
	runner, err := conformance.NewRunner(cfg)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(runner.Close)
	Expect(runner.Start(ctx)).To(Succeed())
	runners[runner.Cases()[0].Side] = runner
}

// Blocked cases are skipped, so the suite as a whole says whether the targets conform.
var _ = ReportAfterSuite("verdict", func(r Report) {
	if r.PreRunStats.SpecsThatWillRun == 0 {
		return
	}
	for _, runner := range runners {
		rep := runner.Finish()
		p := &report.Printer{W: GinkgoWriter}
		Expect(p.Summary(rep)).To(Succeed())
		Expect(rep.Broken()).To(BeFalse(), "the "+string(rep.Side)+" does not conform")
	}
})

var (
	_ = describeSections(cases.Sections())
	_ = describeSections(cases.ClientSections())
)

// describeSections makes a Describe of each section and an It of each case.
func describeSections(sections []cases.Section, err error) bool {
	if err != nil {
		panic(err) // the vectors, which are part of this binary, are damaged
	}
	for _, section := range sections {
		Describe(section.Name, func() {
			for _, c := range section.Cases {
				if isJudged(c.Side) && isOfLevel(c) {
					It(c.ID+": "+c.Title, labels(c), func(ctx SpecContext) { judge(ctx, c) })
				}
			}
		})
	}
	return true
}

// isJudged reports whether somebody of that side is judged: both of our own, or the one
// that the flags name. They are parsed by now: Ginkgo builds its tree when the suite runs.
func isJudged(side spec.Side) bool {
	if side == spec.Client {
		return *addrFlag == ""
	}
	return given.Side != spec.Client
}

// isOfLevel reports whether a case runs at the level of the suite.
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
	outcome := runners[c.Side].Judge(ctx, c)
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
