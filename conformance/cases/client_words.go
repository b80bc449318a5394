package cases

import (
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// The words of the cases on clients. The keys hold no letter of ok at their ends, which
// is a matter of CLI-019 alone, and the values have a fraction, which is one of CLI-018.
const (
	cpu  = "palm.cpu"
	wind = "wind.speed"

	okEmpty      = "ok\n\n"
	wrongCommand = "error\nwrong command\n\n"
)

// at is a sample.
func at(key string, value float64, timestamp int64) oracle.Sample {
	return oracle.Sample{Key: key, Value: value, Timestamp: timestamp}
}

// okReply is the ok reply that holds samples in that order, as a server usually writes it.
func okReply(samples ...oracle.Sample) string {
	var reply strings.Builder
	reply.WriteString("ok\n")
	for _, s := range samples {
		reply.WriteString(s.Line())
	}
	reply.WriteString("\n")
	return reply.String()
}
