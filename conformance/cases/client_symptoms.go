package cases

// What can go wrong with a client. A call that is to fail cleanly can go wrong in
// three ways: with a bare error, with a value, and without an answer.
const (
	// BareError: the call failed, and not with the client's own error.
	BareError Symptom = "bare-error"
	// ValueReturned: the call returned where the client's own error was due.
	ValueReturned Symptom = "value-returned"
	// Hangs: no answer came, and the process is idle.
	Hangs Symptom = "hangs"
	// Spins: no answer came, and the process burns CPU time.
	Spins Symptom = "spins"
	// Died: the process ended in the call.
	Died Symptom = "died"
	// ErrorRaised: the client's own error came where the call was to return.
	ErrorRaised Symptom = "error-raised"
	// EarlyAnswer: the call was answered before the reply was sent in full.
	EarlyAnswer Symptom = "early-answer"
	// Pieces: the answer is another one when the reply comes in pieces, or is long.
	Pieces Symptom = "pieces"
)

// What can go wrong on the wire.
const (
	// NothingSent: no request came.
	NothingSent Symptom = "nothing-sent"
	// SentAnyway: something was sent that must not be.
	SentAnyway Symptom = "sent-anyway"
	// WrongLine: the request is not the one that is due.
	WrongLine Symptom = "wrong-line"
	// WrongValue: the value in a put is not the one that was given.
	WrongValue Symptom = "wrong-value"
	// WrongTimestamp: the timestamp in a put is not the one that is due.
	WrongTimestamp Symptom = "wrong-timestamp"
	// NotConnected: no connection was made when it was due.
	NotConnected Symptom = "not-connected"
	// NewConnection: a request came over another connection than the one before.
	NewConnection Symptom = "new-connection"
	// UsedAgain: a request came over a connection that is out of step.
	UsedAgain Symptom = "used-again"
	// Dropped: bytes that came unasked are gone.
	Dropped Symptom = "dropped"
)

// What can go wrong with the result of a call.
const (
	// ResultForm: it is not of the form that is due: nothing of a put, a mapping from
	// keys to lists of pairs of an integer and a number of a get.
	ResultForm Symptom = "result-form"
	// ResultKeys: its keys are not those of the reply.
	ResultKeys Symptom = "result-keys"
	// ResultSamples: a list has more or fewer samples than the reply.
	ResultSamples Symptom = "result-samples"
	// ResultOrder: a list is not in ascending order of timestamp.
	ResultOrder Symptom = "result-order"
	// ResultValue: a value is not that of the reply.
	ResultValue Symptom = "result-value"
	// ResultTimestamp: a timestamp is not that of the reply.
	ResultTimestamp Symptom = "result-timestamp"
)

// ClientSymptoms returns the symptoms of clients, in the order of their declaration.
func ClientSymptoms() []Symptom {
	return []Symptom{
		BareError, ValueReturned, Hangs, Spins, Died, ErrorRaised, EarlyAnswer, Pieces,
		NothingSent, SentAnyway, WrongLine, WrongValue, WrongTimestamp, NotConnected, NewConnection, UsedAgain, Dropped,
		ResultForm, ResultKeys, ResultSamples, ResultOrder, ResultValue, ResultTimestamp,
	}
}
