package peer

// The kinds of events of a lane that is no connection but a process that drives a
// client. Note holds the line, without its LF.
const (
	Called   Kind = "called"   // a call went to it
	Answered Kind = "answered" // its answer came
)

// Called records a call on a lane.
func (r *Recorder) Called(conn, line string) { r.add(Event{Conn: conn, Kind: Called, Note: line}) }

// Answered records the answer to a call on a lane.
func (r *Recorder) Answered(conn, line string) { r.add(Event{Conn: conn, Kind: Answered, Note: line}) }
