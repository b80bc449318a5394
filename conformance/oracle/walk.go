package oracle

import (
	"fmt"
	"slices"
	"strings"
)

// A walk compares the sample lines of one key, as they come, with its cells. The
// timestamp of a line says which cell it is for; only then its value counts.
type walk struct {
	key     string
	cells   []Cell
	index   map[int64]int  // timestamp -> index in cells
	written map[int64]bool // the timestamps of all lines of this key
	seen    map[int64]bool // the timestamps of the lines so far
	next    int            // index of the first cell that no line has passed
}

func newWalk(key string, cells []Cell, lines []line) *walk {
	w := &walk{
		key:     key,
		cells:   cells,
		index:   make(map[int64]int, len(cells)),
		written: make(map[int64]bool, len(lines)),
		seen:    make(map[int64]bool, len(lines)),
	}
	for i, c := range cells {
		w.index[c.Timestamp] = i
	}
	for _, l := range lines {
		if l.fault == nil && l.sample.Key == key {
			w.written[l.sample.Timestamp] = true
		}
	}
	return w
}

// step judges the next line of the key.
func (w *walk) step(l line) *Mismatch {
	t := l.sample.Timestamp
	if w.seen[t] {
		return w.wrong(l, l.timeAt, AspectDuplicate, "this timestamp stood there before, and one sample remains of several puts")
	}
	w.seen[t] = true
	i, known := w.index[t]
	if !known {
		return w.stranger(l)
	}
	if i < w.next {
		return w.wrong(l, l.timeAt, AspectOrder, "a later timestamp stands before it")
	}
	if skipped := w.required(w.next, i); skipped >= 0 {
		return w.skip(l, w.cells[skipped])
	}
	if !allows(w.cells[i], l.sample.Value) {
		return &Mismatch{
			Offset: l.valueAt, Want: describeValues(w.cells[i]) + " at timestamp " + FormatTimestamp(t),
			Aspect: AspectValue, Detail: "the line is " + quote(l.text),
		}
	}
	w.next = i + 1
	return nil
}

// stranger judges a line for whose timestamp there is no cell. When the value is
// the one that was due and its timestamp never comes, the timestamp is wrong.
func (w *walk) stranger(l line) *Mismatch {
	if due := w.required(w.next, len(w.cells)); due >= 0 {
		c := w.cells[due]
		if !w.written[c.Timestamp] && allows(c, l.sample.Value) {
			return w.wrong(l, l.timeAt, AspectTimestamp, "the value was put at another timestamp")
		}
	}
	return w.wrong(l, l.timeAt, AspectExtraSample, "nothing is stored at this timestamp")
}

// skip judges a line before which the sample of c was due.
func (w *walk) skip(l line, c Cell) *Mismatch {
	if w.written[c.Timestamp] {
		return w.wrong(l, l.timeAt, AspectOrder, "an earlier timestamp comes behind it")
	}
	return w.wrong(l, l.at, AspectMissingSample, "the sample at timestamp "+FormatTimestamp(c.Timestamp)+" is not there")
}

// missing returns what is still due at the end of the reply, or nil.
func (w *walk) missing(f form) *Mismatch {
	i := w.required(w.next, len(w.cells))
	if i < 0 {
		return nil
	}
	m := &Mismatch{Offset: f.end, Want: w.due(), Aspect: AspectMissingSample, Detail: "the reply ends without it"}
	if f.end < 0 {
		m.Offset = f.size
	}
	return m
}

// required returns the index of the first cell from i and before j that must
// have a sample, or -1.
func (w *walk) required(i, j int) int {
	for ; i < j; i++ {
		if !w.cells[i].Optional {
			return i
		}
	}
	return -1
}

func (w *walk) wrong(l line, offset int, aspect Aspect, why string) *Mismatch {
	return &Mismatch{Offset: offset, Want: w.due(), Aspect: aspect, Detail: why + "; the line is " + quote(l.text)}
}

// due describes the next sample that must come, or the end of the series.
func (w *walk) due() string {
	i := w.required(w.next, len(w.cells))
	if i < 0 {
		return "no more samples of the key " + quote(w.key)
	}
	return fmt.Sprintf("the sample %s", quote(canonical(w.key, w.cells[i]).Line()))
}

func allows(c Cell, v float64) bool { return slices.Contains(c.Values, v) }

func canonical(key string, c Cell) Sample {
	s := Sample{Key: key, Timestamp: c.Timestamp}
	if len(c.Values) > 0 {
		s.Value = c.Values[0]
	}
	return s
}

func describeValues(c Cell) string {
	texts := make([]string, len(c.Values))
	for i, v := range c.Values {
		texts[i] = FormatValue(v)
	}
	return "the value " + strings.Join(texts, " or ")
}

// describeCells writes the cells of a key as sample lines, with a remark where
// there is a choice.
func describeCells(key string, cells []Cell) string {
	var text strings.Builder
	for _, c := range cells {
		text.WriteString(strings.TrimSuffix(canonical(key, c).Line(), "\n"))
		if len(c.Values) > 1 {
			text.WriteString(" <or " + strings.TrimPrefix(describeValues(Cell{Values: c.Values[1:]}), "the ") + ">")
		}
		if c.Optional {
			text.WriteString(" <or no sample>")
		}
		text.WriteByte('\n')
	}
	return text.String()
}
