package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/putget-protocol/putget/client"
)

// maxLine bounds a line of the input, in bytes. No server needs to take a longer
// one.
const maxLine = 1 << 20

// An inputLine is one line of the standard input.
type inputLine struct {
	number int          // from 1
	size   int64        // in bytes, with its end
	point  client.Point // if err is nil
	err    error        // why the line is wrong
}

// A lineReader reads lines of KEY VALUE [TIMESTAMP]. It holds one of them at a
// time.
type lineReader struct {
	br     *bufio.Reader
	number int
	long   []byte // what a line has beyond the buffer of br, kept for the next
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{br: bufio.NewReaderSize(r, 64<<10)}
}

// next returns the next line that is not empty. An error is the reader's, [io.EOF]
// at the end.
func (r *lineReader) next() (inputLine, error) {
	skipped := int64(0)
	for {
		text, size, err := r.readLine()
		if size == 0 {
			return inputLine{}, err
		}
		r.number++
		fields := splitFields(text)
		if len(fields) == 0 && size <= maxLine {
			skipped += size
			continue
		}
		line := inputLine{number: r.number, size: skipped + size}
		line.point, line.err = parseLine(text, fields, size)
		return line, nil // err shows again in the next call
	}
}

// readLine returns the text of a line, without its end and valid until the next
// call, and its size with the end. Size is 0 if there is none. A line longer than
// maxLine has only its beginning as text.
func (r *lineReader) readLine() (text []byte, size int64, err error) {
	text, err = r.br.ReadSlice('\n')
	size = int64(len(text))
	if errors.Is(err, bufio.ErrBufferFull) {
		r.long = append(r.long[:0], text...)
		for errors.Is(err, bufio.ErrBufferFull) {
			text, err = r.br.ReadSlice('\n')
			size += int64(len(text))
			if len(r.long) <= maxLine {
				r.long = append(r.long, text...)
			}
		}
		text = r.long
	}
	text = bytes.TrimSuffix(text, []byte{'\n'})
	return bytes.TrimSuffix(text, []byte{'\r'}), size, err
}

// splitFields splits text at spaces, and at nothing else, as a server does.
func splitFields(text []byte) [][]byte {
	return bytes.FieldsFunc(text, func(r rune) bool { return r == ' ' })
}

func parseLine(text []byte, fields [][]byte, size int64) (client.Point, error) {
	switch n := len(fields); {
	case size > maxLine:
		return client.Point{}, fmt.Errorf("the line has %d bytes, %d are allowed", size, maxLine)
	case n < 2 || n > 3:
		return client.Point{}, fmt.Errorf("want KEY VALUE [TIMESTAMP] separated by spaces, found %s in %s", count(n, "field"), quote(text))
	}
	return parsePoint(fields)
}
