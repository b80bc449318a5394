package property

import (
	"crypto/rand"
	"fmt"
	"strings"
)

// newBuffer returns an empty buffer.
func newBuffer() *buffer { return &buffer{name: "putget-conformance-" + rand.Text()} }

// A buffer is what rapid takes for a test. It keeps what rapid says of a failure and
// prints nothing. It is used by one goroutine.
type buffer struct {
	name   string
	errors []string
	failed bool
}

// ended is the panic by which a buffer ends the function that it runs.
type ended struct{}

// run runs f until it returns or ends the test.
func (b *buffer) run(f func()) {
	defer func() {
		if r := recover(); r != nil && r != (ended{}) {
			panic(r)
		}
	}()
	f()
}

// report returns what was said of a failure, or "" when there was none.
func (b *buffer) report() string {
	if !b.failed {
		return ""
	}
	return strings.Join(b.errors, "\n")
}

func (b *buffer) fail(text string) {
	b.failed = true
	b.errors = append(b.errors, text)
}

func (b *buffer) end() { panic(ended{}) }

// Name is also that of a folder, testdata/rapid/NAME, in which rapid looks for earlier
// failures to begin with. Each buffer has another one, so that there are none.
func (b *buffer) Name() string { return b.name }

func (b *buffer) Failed() bool { return b.failed }

func (b *buffer) Helper()             {}
func (b *buffer) Log(...any)          {}
func (b *buffer) Logf(string, ...any) {}

func (b *buffer) Fail()                             { b.fail("failed") }
func (b *buffer) FailNow()                          { b.fail("stopped"); b.end() }
func (b *buffer) Error(args ...any)                 { b.fail(fmt.Sprint(args...)) }
func (b *buffer) Errorf(format string, args ...any) { b.fail(fmt.Sprintf(format, args...)) }
func (b *buffer) Fatal(args ...any)                 { b.Error(args...); b.end() }
func (b *buffer) Fatalf(format string, args ...any) { b.Errorf(format, args...); b.end() }

func (b *buffer) Skip(...any)          { b.end() }
func (b *buffer) Skipf(string, ...any) { b.end() }
func (b *buffer) SkipNow()             { b.end() }
