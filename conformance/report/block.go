package report

import (
	"bytes"
	"strings"
)

// Block returns the block of a finding as [Printer] writes it, without colours.
func Block(f Finding) string {
	var out bytes.Buffer
	(&Printer{W: &out}).finding(&out, f)
	return strings.TrimPrefix(out.String(), "\n")
}
