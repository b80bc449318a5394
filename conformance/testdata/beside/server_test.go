package beside

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/putget-protocol/putget/conformance"
	"github.com/putget-protocol/putget/spec"
)

// The environment says what is broken, so that the same tests are seen to fail:
// "unsorted", "appends" and "spec", separated by commas; "known" says that the first of
// them is known to fail.
func broken(what string) bool {
	return strings.Contains(","+os.Getenv("BROKEN")+",", ","+what+",")
}

func serve(t testing.TB) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	s := &Server{Unsorted: broken("unsorted"), Appends: broken("appends")}
	go s.Serve(ln)
	return ln.Addr().String()
}

// Both run at the same time, so that whatever one does to the process shows in the other.

func TestConformance(t *testing.T) {
	t.Parallel()
	cfg := conformance.Config{Addr: serve(t), Level: spec.Core, Seed: 1, Budget: time.Second}
	if broken("known") {
		cfg.KnownFailing = []conformance.KnownFailing{{ID: "GET-004", Reason: "sorting comes later"}}
	}
	rep := conformance.Test(t, cfg)
	if rep == nil {
		t.Fatal("there is no report")
	}
	fmt.Printf("judged %d cases, conformant %t\n", len(rep.Cases), rep.Conformant)
}

func TestSpecs(t *testing.T) {
	t.Parallel()
	RegisterFailHandler(Fail)
	RunSpecs(t, "a suite of its own")
}

var _ = Describe("the server", Ordered, func() {
	var conn net.Conn

	ask := func(line string) string {
		GinkgoHelper()
		_, err := fmt.Fprintln(conn, line)
		Expect(err).NotTo(HaveOccurred())
		reply, err := bufio.NewReader(conn).ReadString('\n')
		Expect(err).NotTo(HaveOccurred())
		return reply
	}

	BeforeAll(func() {
		var err error
		conn, err = net.Dial("tcp", serve(GinkgoTB()))
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(conn.Close)
	})

	It("takes a put", func() { Expect(ask("put a 1 2")).To(Equal("ok\n")) })
	It("knows no other word", Label("wrong"), func() { Expect(ask("take a")).To(Equal("error\n")) })
	It("is not ready for this", func() { Skip("as a suite may skip") })
	It("fails where it is told to", func() { Expect(broken("spec")).To(BeFalse()) })
})
