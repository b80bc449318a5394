package oracle_test

import (
	"strings"
	"testing"

	"github.com/putget-protocol/putget/conformance/oracle"
)

func TestCheckGrouping(t *testing.T) {
	tests := []struct {
		name, reply string
		wrong       bool
	}{
		{"None", "ok\n\n", false},
		{"Error", "error\na\nb\na\n\n", false},
		{"Together", "ok\na 1 1\na 1 2\nb 1 1\nc 1 1\n\n", false},
		{"Mixed", "ok\na 1 1\nb 1 1\n¦a 1 2\n\n", true},
		{"MixedAfterBroken", "ok\na 1 1\nb x\nb 1 1\n¦a 1 2\n\n", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			reply, offset := cut(tt.reply)
			m := oracle.CheckGrouping(reply, nil)
			if (m != nil) != tt.wrong || m != nil && (m.Aspect != oracle.AspectGrouping || m.Offset != offset) {
				t.Errorf("CheckGrouping(%q) = %v; want a mismatch at %d: %v", reply, m, offset, tt.wrong)
			}
		})
	}
	foreign := []byte("ok\na 1 1\nb 1 1\na 1 2\n\n")
	if m := oracle.CheckGrouping(foreign, func(key string) bool { return key == "b" }); m != nil {
		t.Errorf("CheckGrouping of foreign keys = %v; want nil", m)
	}
}

func TestCheckWording(t *testing.T) {
	values := map[string]bool{
		"10.0": true, "10.": true, "1e1": true, "1.0e1": true, "1E+01": true, "0.1": true, ".1": true, "-0.0": true, "0.0": true,
		"1e-1": true, "100000.0": true, "5e-324": true, "0.30000000000000004": true, "1.7976931348623157e308": true,
		"10": false, "+10.0": false, "10.00": false, "1.50": false, "01.5": false, "0.1000000000000000055": false, "1.50e3": false,
		"-0": false, "4.9406564584124654e-324": false,
	}
	for token, right := range values {
		reply := []byte("ok\nk " + token + " 7\n\n")
		if m := oracle.CheckWording(reply, nil); (m == nil) != right || m != nil && (m.Aspect != oracle.AspectValueWording || m.Offset != 5) {
			t.Errorf("CheckWording(%q) = %v; want nil: %v", reply, m, right)
		}
	}
	for token, right := range map[string]bool{"7": true, "-7": true, "0": true, "+7": false, "007": false, "-0": false} {
		reply := []byte("ok\nk 1.5 " + token + "\n\n")
		if m := oracle.CheckWording(reply, nil); (m == nil) != right || m != nil && (m.Aspect != oracle.AspectTimestampWording || m.Offset != 9) {
			t.Errorf("CheckWording(%q) = %v; want nil: %v", reply, m, right)
		}
	}
	foreign := []byte("ok\nx 10 +7\n\n")
	if m := oracle.CheckWording(foreign, func(key string) bool { return key != "x" }); m != nil {
		t.Errorf("CheckWording of a foreign key = %v; want nil", m)
	}
	if m := oracle.CheckWording([]byte("error\nx 10 +7\n\n"), nil); m != nil {
		t.Errorf("CheckWording of an error = %v; want nil", m)
	}
}

func BenchmarkCheckAllForeign100000(b *testing.B) {
	var reply strings.Builder
	reply.WriteString("ok\n")
	for i := range 100000 {
		reply.WriteString(oracle.Sample{Key: "foreign.metric", Value: float64(i) / 7, Timestamp: int64(i)}.Line())
	}
	reply.WriteString("\n")
	own := func(key string) bool { return strings.HasPrefix(key, "run.") }
	allowed := oracle.All(own, nil)
	b.ReportAllocs()
	for b.Loop() {
		if m := allowed.Check([]byte(reply.String())); m != nil {
			b.Fatal(m)
		}
	}
}
