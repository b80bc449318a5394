package client

// A Sample is one point of a series.
type Sample struct {
	Timestamp int64   // Unix seconds; any 64-bit integer, 0 and negative ones too
	Value     float64 // finite
}

// A Point is a sample and the key of the series that it belongs to.
type Point struct {
	// Key is 1 or more characters in UTF-8 without white space and control
	// characters, and not "*" (section 4.3 of the specification).
	Key string
	Sample
}
