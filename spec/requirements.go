package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
)

// A Keyword is one of the key words of BCP 14 that section 2.1 names.
type Keyword string

// The key words. A sentence with [May] is a permission.
const (
	Must      Keyword = "MUST"
	MustNot   Keyword = "MUST NOT"
	Should    Keyword = "SHOULD"
	ShouldNot Keyword = "SHOULD NOT"
	May       Keyword = "MAY"
)

// A Level is a level of conformance (section 2.2).
type Level string

// The levels. What is required at [Core] is required at [Full] too.
const (
	Core Level = "core"
	Full Level = "full"
)

// A Side is the program that a sentence binds.
type Side string

// The sides of a session.
const (
	Server Side = "server"
	Client Side = "client"
)

// A Requirement is one normative sentence.
type Requirement struct {
	ID      string // such as "PUT-001"; never used again for another sentence
	Keyword Keyword
	Level   Level
	Side    Side
	Section Section // where the sentence stands
	Text    string  // the sentence on one line, in Markdown, without the marks of level and id
}

// Hash returns 12 hexadecimal digits that change whenever the key word, the level, the side or the
// text changes. The place of the sentence in the document does not count.
func (r Requirement) Hash() string {
	parts := []string{string(r.Keyword), string(r.Level), string(r.Side), r.Text}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:6])
}

// parsed holds the requirements of the embedded text once they were asked for; nobody changes them.
var parsed = sync.OnceValue(func() []Requirement {
	// The problems of the text itself are the business of this package's tests.
	doc, _ := Parse(text)
	return doc.Requirements
})

// Requirements returns every requirement of [Text] in the order of the document. The slice belongs
// to the caller.
func Requirements() []Requirement { return slices.Clone(parsed()) }

// Find returns the requirement of that id, and whether there is one.
func Find(id string) (Requirement, bool) {
	for _, r := range parsed() {
		if r.ID == id {
			return r, true
		}
	}
	return Requirement{}, false
}
