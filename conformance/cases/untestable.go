package cases

// Untestable lists the requirements on servers that no case can look at over TCP
// alone, each with the reason.
func Untestable() map[string]string {
	return map[string]string{
		"REP-011": "it is about failures of the server's own, such as those of its storage, which cannot be brought about over the connection",
		"REP-013": "whether a server knows the outcome of a put cannot be seen from outside, nor can it be made uncertain",
		"REP-014": "a failure in the middle of a reply cannot be brought about over the connection",
	}
}
