package cases

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// A number is the JSON text of a number, as it goes to the adapter.
type number = json.Number

// putArgs are the arguments of a put; an empty timestamp is none.
func putArgs(key string, value, timestamp number) []any {
	if timestamp == "" {
		return []any{key, value}
	}
	return []any{key, value, timestamp}
}

// checkRequest judges the request of a call that is due to send one, and reports
// whether it is right. The failure of a request that never came belongs to whom it
// kept from answering, which is requirement.
func (d *Drive) checkRequest(x *exchange, requirement string) bool {
	rightForm := "CLI-005"
	if x.op == "get" {
		rightForm = "CLI-006"
	}
	switch {
	case x.request == nil && x.answered:
		d.unrequested(x, requirement, rightForm)
		return false
	case x.request == nil:
		return true // the missing answer says it all
	case len(x.more) > 0:
		d.fail(rightForm, WrongLine, x, "one request", fmt.Sprintf("behind it came %s", short(bytes.Join(x.more, nil))))
		return false
	case x.op == "get":
		return d.checkGet(x)
	default:
		return d.checkPut(x)
	}
}

// unrequested records that a call was answered and sent nothing. What kept the client
// from sending is the failure when it says so.
func (d *Drive) unrequested(x *exchange, requirement, rightForm string) {
	want := "a request, and the answer to it"
	if symptom, ok := ends()[x.answer.Kind]; ok {
		d.fail(requirement, symptom, x, want, "nothing was sent: "+x.answer.Message)
		return
	}
	d.fail(rightForm, NothingSent, x, want, "the call returned, and nothing was sent")
}

func (d *Drive) checkGet(x *exchange) bool {
	want := fmt.Sprintf("get %s\n", x.args[0])
	if string(x.request) == want {
		return true
	}
	d.fail("CLI-006", WrongLine, x, strconv.Quote(want), "the client sent "+short(x.request))
	return false
}

// checkPut judges a put token by token, as any wording of its numbers is right.
func (d *Drive) checkPut(x *exchange) bool {
	key, value := fmt.Sprint(x.args[0]), x.args[1].(number)
	timestamp := "the present second"
	if len(x.args) > 2 {
		timestamp = string(x.args[2].(number))
	}
	want := fmt.Sprintf("put, %q, a value that reads as %s, %s, with one SP between them and LF behind", key, value, timestamp)
	tokens := strings.Split(strings.TrimSuffix(string(x.request), "\n"), " ")
	if len(x.args) < 3 && len(tokens) == 3 && tokens[0] == "put" && tokens[1] == key {
		d.fail("CLI-009", WrongTimestamp, x, want, "the client sent no timestamp: "+short(x.request))
		return false
	}
	if !bytes.HasSuffix(x.request, []byte("\n")) || len(tokens) != 4 || tokens[0] != "put" || tokens[1] != key || strings.HasSuffix(tokens[3], "\r") {
		d.fail("CLI-005", WrongLine, x, want, "the client sent "+short(x.request))
		return false
	}
	if given := string(value); len(x.args) > 2 && given != timestamp && readsAs(tokens[2], timestamp) && readsAs(tokens[3], given) {
		d.fail("CLI-005", WrongLine, x, want, "the timestamp stands before the value: "+short(x.request))
		return false
	}
	return d.checkValue(x, tokens[2], value) && d.checkTimestamp(x, tokens[3])
}

// readsAs reports whether a token is a number of the grammar, and that number.
func readsAs(token, number string) bool {
	got, ok := oracle.ParseRequest([]byte("put k " + token + " 0"))
	want, isNumber := oracle.ParseRequest([]byte("put k " + number + " 0"))
	return ok && isNumber && got.Value == want.Value
}

// checkValue judges the value that was sent: the grammar, and the double.
func (d *Drive) checkValue(x *exchange, sent string, given number) bool {
	right, _ := given.Float64() // a finite one: the others are not to be sent
	request, ok := oracle.ParseRequest([]byte("put k " + sent + " 0"))
	if ok && request.Value == right {
		return true
	}
	detail := fmt.Sprintf("the client sent %q", sent)
	if ok {
		detail += ", which reads as " + oracle.FormatValue(request.Value)
	}
	d.fail("CLI-007", WrongValue, x, "a value that reads as "+oracle.FormatValue(right), detail)
	return false
}

// checkTimestamp judges the timestamp that was sent: the integer that was given, or
// else the second of the call.
func (d *Drive) checkTimestamp(x *exchange, sent string) bool {
	request, ok := oracle.ParseRequest([]byte("put k 0 " + sent))
	if len(x.args) > 2 {
		given, _ := new(big.Int).SetString(string(x.args[2].(number)), 10)
		if ok && given != nil && given.IsInt64() && given.Int64() == request.Timestamp {
			return true
		}
		requirement := "CLI-008"
		if given != nil && given.Sign() < 0 {
			requirement = "CLI-010"
		}
		d.fail(requirement, WrongTimestamp, x, "the timestamp "+string(x.args[2].(number)), fmt.Sprintf("the client sent %q", sent))
		return false
	}
	// A client may round up.
	from, to := x.before.Unix(), x.after.Unix()+1
	if ok && from <= request.Timestamp && request.Timestamp <= to {
		return true
	}
	detail := fmt.Sprintf("the client sent %q", sent)
	if ok {
		detail += fmt.Sprintf(", and the second was %d", from)
	}
	d.fail("CLI-009", WrongTimestamp, x, "the Unix time of the call, in whole seconds", detail)
	return false
}
