package cases

// Untestable lists the requirements that no case can look at, each with the reason:
// those on servers over TCP alone, those on clients through one call at a time.
func Untestable() map[string]string {
	return map[string]string{
		"REP-011": "it is about failures of the server's own, such as those of its storage, which cannot be brought about over the connection",
		"REP-013": "whether a server knows the outcome of a put cannot be seen from outside, nor can it be made uncertain",
		"REP-014": "a failure in the middle of a reply cannot be brought about over the connection",
		"CLI-028": "a client is driven by one call at a time, so it never has several requests outstanding",
	}
}
