package wire

// A Verb says what a request asks for. The zero Verb is none.
type Verb uint8

// The verbs.
const (
	Put    Verb = iota + 1 // store a sample (section 5.1)
	Get                    // read the series of one key (section 5.2)
	GetAll                 // read the series of every key (section 5.2)
)

// String returns the verb as it stands in a request.
func (v Verb) String() string {
	switch v {
	case Put:
		return "put"
	case Get:
		return "get"
	case GetAll:
		return "get *"
	}
	return "no verb"
}

// A Request is a decoded request line. The zero Request is none.
type Request struct {
	Verb      Verb
	Key       []byte  // aliases the line; nil for GetAll
	Value     float64 // finite; 0 unless Verb is Put
	Timestamp int64   // Unix seconds; 0 unless Verb is Put
}

// ParseRequest decodes line into *req, which is overwritten. line holds the
// bytes before the LF; one CR at its end is dropped [FRM-002]. The key aliases
// line, so it is good for as long as the line is. An error is a [*SyntaxError] with
// an offset into line, makes the line a wrong request (section 5.3), and leaves *req zero.
// The length of a line is not bounded here.
func ParseRequest(line []byte, req *Request) error {
	*req = Request{}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	verb, end := scanWord(line, skipSpaces(line, 0))
	if verb == 0 {
		return newSyntaxError(line, end, RuleRequest)
	}
	parseArguments := parsePut
	if verb == Get {
		parseArguments = parseGet
	}
	if err := parseArguments(line, skipSpaces(line, end), req); err != nil {
		return err
	}
	return nil
}

// scanWord matches a command word at line[i]. If there is none, end is the index
// of the first byte that belongs to neither [LEX-003].
func scanWord(line []byte, i int) (verb Verb, end int) {
	verb, word := Get, "get"
	if i < len(line) && line[i] == 'p' {
		verb, word = Put, "put"
	}
	for j := range len(word) {
		if i+j == len(line) || line[i+j] != word[j] {
			return 0, i + j
		}
	}
	end = i + len(word)
	if !endsToken(line, end) {
		return 0, end
	}
	return verb, end
}

// parsePut decodes the arguments of a put, the first of which is at line[i].
func parsePut(line []byte, i int, req *Request) *SyntaxError {
	key, end, err := parseKey(line, i)
	if err != nil {
		return err
	}
	if isStar(key) {
		return newTokenError(line, i, RuleKey, ErrStar)
	}
	value, end, err := parseValue(line, skipSpaces(line, end))
	if err != nil {
		return err
	}
	timestamp, end, err := parseTimestamp(line, skipSpaces(line, end))
	if err != nil {
		return err
	}
	if end = skipSpaces(line, end); end < len(line) {
		return newSyntaxError(line, end, RulePutRequest)
	}
	*req = Request{Verb: Put, Key: key, Value: value, Timestamp: timestamp}
	return nil
}

// parseGet decodes the argument of a get, which is at line[i].
func parseGet(line []byte, i int, req *Request) *SyntaxError {
	key, end, err := parseKey(line, i)
	if err != nil {
		return err
	}
	if end = skipSpaces(line, end); end < len(line) {
		return newSyntaxError(line, end, RuleGetRequest)
	}
	if isStar(key) {
		*req = Request{Verb: GetAll}
		return nil
	}
	*req = Request{Verb: Get, Key: key}
	return nil
}

// parseKey decodes the token of key-chars that begins at b[i] and ends at SP or
// at the end of b. The star alone is such a token.
func parseKey(b []byte, i int) (key []byte, end int, err *SyntaxError) {
	end = scanKey(b, i)
	if end == i || !endsToken(b, end) {
		return nil, 0, newSyntaxError(b, end, RuleKey)
	}
	return b[i:end:end], end, nil
}

// endsToken reports whether a token of b may end at i.
func endsToken(b []byte, i int) bool {
	return i == len(b) || b[i] == ' '
}

func skipSpaces(line []byte, i int) int {
	for i < len(line) && line[i] == ' ' {
		i++
	}
	return i
}

// AppendPut appends the request that stores value under key at timestamp, with
// its LF [CLI-005]. It is the caller's duty that [CheckKey] accepts key and
// [CheckValue] accepts value; any other key may become another request, or two.
func AppendPut[T Text](dst []byte, key T, value float64, timestamp int64) []byte {
	dst = append(dst, "put "...)
	return AppendSample(dst, key, value, timestamp)
}

// AppendGet appends the request for the series of key, with its LF [CLI-006]. It is
// the caller's duty that [CheckKey] accepts key.
func AppendGet[T Text](dst []byte, key T) []byte {
	dst = append(dst, "get "...)
	dst = append(dst, key...)
	return append(dst, '\n')
}

// AppendGetAll appends the request for the series of every key, with its LF.
func AppendGetAll(dst []byte) []byte {
	return append(dst, "get *\n"...)
}
