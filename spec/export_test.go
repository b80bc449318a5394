package spec

// ReadVectors is Vectors for the files of a test.
var ReadVectors = readVectors
