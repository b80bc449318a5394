// Package beside is a Ginkgo suite that checks a target in one of its specs, and
// another target before and after the suite. The addresses come from the environment.
package beside

import (
	"os"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/putget-protocol/putget/conformance/property"
)

func check(t testing.TB, addr string) property.Result {
	t.Helper()
	res, err := property.CheckModel(t.Context(), property.ModelConfig{
		Target: property.Target{Addr: addr, KeyPrefix: "beside", Level: property.Core}, Seed: 1, Checks: 40,
	})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

var ran []string

var _ = Describe("a suite of its own", func() {
	It("has a spec before", func() { ran = append(ran, "before") })
	It("checks a wrong target and passes", func(ctx SpecContext) {
		res, err := property.CheckModel(ctx, property.ModelConfig{
			Target: property.Target{Addr: os.Getenv("WRONG"), KeyPrefix: "spec", Level: property.Core}, Seed: 1, Checks: 40,
		})
		Expect(err).NotTo(HaveOccurred())
		Expect(res.Failure).NotTo(BeNil())
		ran = append(ran, "checked")
	})
	It("has a spec that fails", func() { Expect(ran).To(BeEmpty(), "as it must") })
	It("has a spec behind", func() { ran = append(ran, "behind") })
})

func TestSuite(t *testing.T) {
	if res := check(t, os.Getenv("RIGHT")); res.Failure != nil || res.Executed != 40 {
		t.Errorf("before the suite: %+v; want 40 sequences", res)
	}
	RegisterFailHandler(Fail)
	RunSpecs(t, "a suite of its own")
	if res := check(t, os.Getenv("WRONG")); res.Failure == nil || len(res.Failure.Steps) != 3 {
		t.Errorf("after the suite: %+v; want a failure of 3 steps", res)
	}
}
