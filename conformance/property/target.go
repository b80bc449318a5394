package property

import (
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/peer"
)

// A Level is how much of the protocol is asked of a target.
type Level string

// The levels.
const (
	// Core stays within the bounds of level core (spec/SPEC.md, section 2.2), and
	// sends no wrong requests.
	Core Level = "core"
	// Full adds every character of a key, every wording of a number, odd spaces, CR,
	// and wrong requests.
	Full Level = "full"
)

// A Target says what to check, and how to treat it.
type Target struct {
	// Addr is where it serves, "host:port". It must be set.
	Addr string
	// KeyPrefix begins every key. It must be 1 to 24 of the characters of a key at
	// level core. No key is used twice, also when a prefix is.
	KeyPrefix string
	// Level bounds what is asked. Empty means Full. Histories are the same at both.
	Level Level
	// Patience is how long a connection may take to be made, and how long a reply may
	// keep silent, before either is missing. Zero means DefaultPatience.
	Patience time.Duration

	// Gate lets connections in one after the other. Nil lets them in at once.
	Gate *peer.Gate
}

// DefaultPatience is the Patience of a [Target] that does not say.
const DefaultPatience = 5 * time.Second

var prefixPattern = regexp.MustCompile(`\A[A-Za-z0-9._-]{1,24}\z`)

// complete checks the fields and fills in the defaults.
func (t *Target) complete() error {
	if t.Addr == "" {
		return errors.New("property: the target has no address; want \"host:port\"")
	}
	if !prefixPattern.MatchString(t.KeyPrefix) {
		return fmt.Errorf("property: the key prefix is %q; want 1 to 24 of the characters A-Z a-z 0-9 . _ -", t.KeyPrefix)
	}
	switch t.Level {
	case "":
		t.Level = Full
	case Core, Full:
	default:
		return fmt.Errorf("property: the level is %q; want %q or %q", t.Level, Core, Full)
	}
	if t.Patience <= 0 {
		t.Patience = DefaultPatience
	}
	return nil
}

// freshPrefix returns the prefix with an end of its own, so that a caller who looks
// a second time, with the same prefix, does not find the samples of the first.
func (t *Target) freshPrefix() string {
	const size = 6
	return t.KeyPrefix + "." + strings.ToLower(rand.Text()[:size])
}
