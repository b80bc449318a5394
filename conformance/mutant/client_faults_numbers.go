package mutant

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// sends returns a fault in the wording of values.
func sends(word func(v float64) string) func(*ClientBehaviour) {
	return func(b *ClientBehaviour) { b.Value = word }
}

// clientValueFaults break CLI-007.
func clientValueFaults() []ClientFault {
	printed := func(format string) func(*ClientBehaviour) {
		return sends(func(v float64) string { return fmt.Sprintf(format, v) })
	}
	return []ClientFault{
		{ID: "sends-six-places", Title: "values are sent with six places", Breaks: "CLI-007", Core: true, Apply: printed("%f")},
		{ID: "sends-six-digits", Title: "values are sent with six digits", Breaks: "CLI-007", Core: true, Apply: printed("%.6g")},
		{ID: "sends-fifteen-digits", Title: "values are sent with fifteen digits", Breaks: "CLI-007", Core: true, Apply: printed("%.15g")},
		{ID: "sends-integers", Title: "values are sent without their fraction", Breaks: "CLI-007", Core: true, Apply: sends(func(v float64) string { return oracle.FormatValue(math.Trunc(v)) })},
		{ID: "sends-singles", Title: "values are sent in single precision", Breaks: "CLI-007", Core: true, Apply: sends(func(v float64) string {
			return strconv.FormatFloat(min(math.MaxFloat32, max(-math.MaxFloat32, float64(float32(v)))), 'g', -1, 64)
		})},
		{ID: "sends-commas", Title: "values are sent with a comma for the point", Breaks: "CLI-007", Causes: []string{"CLI-005"}, Core: true, Apply: sends(func(v float64) string { return strings.Replace(oracle.FormatValue(v), ".", ",", 1) })},
		{ID: "sends-no-minus", Title: "the minus of values is not sent", Breaks: "CLI-007", Core: true, Apply: sends(func(v float64) string { return oracle.FormatValue(math.Abs(v)) })},
		{ID: "sends-thousands", Title: "large values are sent in groups of three digits", Breaks: "CLI-007", Causes: []string{"CLI-005"}, Core: true, Apply: sends(thousands)},
		{
			ID: "sends-no-tiny", Title: "values that are very small are sent as 0.0", Breaks: "CLI-007", Core: true,
			Apply: sends(func(v float64) string {
				if math.Abs(v) < 1e-9 {
					return "0.0"
				}
				return oracle.FormatValue(v)
			}),
		},
	}
}

// thousands writes 1234567.5 as 1_234_567.5.
func thousands(v float64) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	whole, rest, _ := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "_" + whole[i:]
	}
	if rest == "" {
		rest = "0"
	}
	return whole + "." + rest
}

// given returns a fault in what is sent of a timestamp that was given.
func given(change func(n int64) string) func(*ClientBehaviour) {
	return func(b *ClientBehaviour) {
		check := b.Time
		b.Time = func(c *Client, text string) (string, error) {
			checked, err := check(c, text)
			if err != nil {
				return "", err
			}
			n, err := strconv.ParseInt(checked, 10, 64)
			if err != nil {
				return "", err
			}
			return change(n), nil
		}
	}
}

// givenTimeFaults break CLI-008 and CLI-010.
func givenTimeFaults() []ClientFault {
	return []ClientFault{
		{
			ID: "zero-is-now", Title: "a timestamp of 0 is taken for none", Breaks: "CLI-008", Core: true,
			Apply: given(func(n int64) string {
				if n == 0 {
					n = time.Now().Unix()
				}
				return oracle.FormatTimestamp(n)
			}),
		},
		{
			ID: "times-with-point", Title: "timestamps are sent with a point", Breaks: "CLI-008", Causes: []string{"CLI-005", "CLI-010"}, Core: true,
			Apply: given(func(n int64) string { return oracle.FormatTimestamp(n) + ".0" }),
		},
		{
			ID: "times-in-milliseconds", Title: "timestamps are sent in milliseconds", Breaks: "CLI-008", Causes: []string{"CLI-010"}, Core: true,
			Apply: given(func(n int64) string { return oracle.FormatTimestamp(n) + "000" }),
		},
		{
			ID: "times-of-31-bits", Title: "timestamps beyond 31 bits are sent as the last of these", Breaks: "CLI-008", Core: true,
			Apply: given(func(n int64) string { return oracle.FormatTimestamp(min(n, math.MaxInt32)) }),
		},
		{
			ID: "times-as-doubles", Title: "timestamps go through a double, so that large ones are rounded", Breaks: "CLI-008",
			Apply: given(func(n int64) string {
				if rounded := float64(n); rounded < 1<<63 {
					n = int64(rounded)
				}
				return oracle.FormatTimestamp(n)
			}),
		},
		{
			ID: "negative-refused", Title: "negative timestamps are refused", Breaks: "CLI-010",
			Apply: func(b *ClientBehaviour) {
				check := b.Time
				b.Time = func(c *Client, text string) (string, error) {
					if strings.HasPrefix(text, "-") {
						return "", fmt.Errorf("the timestamp %s is before 1970", text)
					}
					return check(c, text)
				}
			},
		},
		{
			ID: "negative-is-positive", Title: "the minus of timestamps is not sent", Breaks: "CLI-010", Causes: []string{"CLI-008"},
			Apply: given(func(n int64) string { return strings.TrimPrefix(oracle.FormatTimestamp(n), "-") }),
		},
		{
			ID: "negative-is-now", Title: "a negative timestamp is replaced by the present", Breaks: "CLI-010", Causes: []string{"CLI-008"},
			Apply: given(func(n int64) string {
				if n < 0 {
					n = time.Now().Unix()
				}
				return oracle.FormatTimestamp(n)
			}),
		},
	}
}

// present returns a fault in the timestamp of a put without one.
func present(word func(now time.Time) string) func(*ClientBehaviour) {
	return func(b *ClientBehaviour) {
		b.Now = func(*Client) (string, error) { return word(time.Now()), nil }
	}
}

// presentFaults break CLI-009.
func presentFaults() []ClientFault {
	return []ClientFault{
		{
			ID: "now-of-start", Title: "the default timestamp is computed once, when the program is loaded", Breaks: "CLI-009", Core: true,
			Apply: func(b *ClientBehaviour) {
				start, now := b.Start, ""
				b.Start = func() { start(); now = oracle.FormatTimestamp(time.Now().Unix()) }
				b.Now = func(*Client) (string, error) { return now, nil }
			},
		},
		{
			ID: "now-of-constructor", Title: "the default timestamp is that of the constructor", Breaks: "CLI-009", Core: true,
			Apply: func(b *ClientBehaviour) {
				b.Now = func(c *Client) (string, error) { return oracle.FormatTimestamp(c.opened.Unix()), nil }
			},
		},
		{
			ID: "now-of-first-put", Title: "the default timestamp is that of the first put without one", Breaks: "CLI-009", Core: true,
			Apply: func(b *ClientBehaviour) {
				now := ""
				b.Now = func(*Client) (string, error) {
					if now == "" {
						now = oracle.FormatTimestamp(time.Now().Unix())
					}
					return now, nil
				}
			},
		},
		{ID: "now-in-milliseconds", Title: "the default timestamp is in milliseconds", Breaks: "CLI-009", Core: true, Apply: present(func(now time.Time) string { return strconv.FormatInt(now.UnixMilli(), 10) })},
		{ID: "now-with-fraction", Title: "the default timestamp has a fraction", Breaks: "CLI-009", Causes: []string{"CLI-005"}, Core: true, Apply: present(func(now time.Time) string { return fmt.Sprintf("%.6f", float64(now.UnixMicro())/1e6) })},
		{ID: "now-of-zone", Title: "the default timestamp is the local time of a zone", Breaks: "CLI-009", Core: true, Apply: present(func(now time.Time) string { return oracle.FormatTimestamp(now.Unix() + 3600) })},
		{ID: "now-is-zero", Title: "the default timestamp is 0", Breaks: "CLI-009", Core: true, Apply: present(func(time.Time) string { return "0" })},
		{ID: "now-is-left-out", Title: "a put without a timestamp is sent without one", Breaks: "CLI-009", Causes: []string{"CLI-005"}, Core: true, Apply: nothingForNow},
		{
			ID: "time-needed", Title: "a put cannot be called without a timestamp", Breaks: "CLI-009", Core: true,
			Apply: func(b *ClientBehaviour) {
				b.Now = func(*Client) (string, error) {
					panic("missing 1 required positional argument: timestamp")
				}
			},
		},
	}
}

func nothingForNow(b *ClientBehaviour) {
	write := b.PutLine
	b.Now = func(*Client) (string, error) { return "", nil }
	b.PutLine = func(key, value, timestamp string) string {
		return strings.TrimSuffix(write(key, value, timestamp), " \n") + map[bool]string{true: "\n"}[timestamp == ""]
	}
}
