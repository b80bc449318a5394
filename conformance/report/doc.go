// Package report holds what a run of the judge says about a target, and writes it
// down: as text for a terminal and as JSON for a machine.
//
// The judge (package conformance) fills a [Report]; nothing here judges. Bytes of
// the wire are shown so that every one of them can be seen, and sentences of the
// specification are quoted word by word, never paraphrased.
package report
