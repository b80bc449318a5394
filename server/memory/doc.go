// Package memory is the store of a server that keeps its samples in memory and
// loses them when the process ends.
//
// A series is a list of chunks of up to 512 samples, ascending. Its last chunk,
// the tail, takes what comes in order of time, in O(1). A sample that comes late
// goes into the chunk where it belongs, which is split in two when it is full,
// so that the cost of a late sample hardly grows with the series. Memory per
// sample is 16 bytes, and up to as much again in a chunk that is half full.
//
// A reader takes a snapshot in O(1) and then needs no lock: from that moment on
// nothing in the snapshot changes. A writer that wants to change what a snapshot
// may show copies that chunk first, once, and goes on in the copy. So a reader
// sees one state of a series, however long it takes, and blocks nobody.
//
// What these things cost is measured by the benchmarks of this package.
package memory
