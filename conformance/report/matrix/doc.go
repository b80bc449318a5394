// Package matrix puts many reports side by side: implementations as columns, the sentences
// of the specification as rows, what was observed as a second table, and what changed
// where there are two reports of one target. It renders them as text, Markdown and HTML.
package matrix
