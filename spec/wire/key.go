package wire

import "unicode/utf8"

// Text is what keys and error texts may be held in.
type Text interface{ ~string | ~[]byte }

// CheckKey returns nil if key is a key (section 4.3), or a [*SyntaxError] with an
// offset into key. "*" is not a key; a key may have any length [LIM-001].
func CheckKey[T Text](key T) error {
	if end := scanKey(key, 0); end < len(key) || end == 0 {
		return newSyntaxError(key, end, RuleKey)
	}
	if isStar(key) {
		return newTokenError(key, 0, RuleKey, ErrStar)
	}
	return nil
}

// isStar reports whether token is the one that stands for all keys.
func isStar[T Text](token T) bool {
	return len(token) == 1 && token[0] == '*'
}

// scanKey returns the end of the key-chars of b from i on: the index of the
// first byte of the first character that is none.
func scanKey[T Text](b T, i int) int {
	for i < len(b) {
		if c := b[i]; c < utf8.RuneSelf {
			if c <= ' ' || c == 0x7f {
				return i
			}
			i++
			continue
		}
		var buf [utf8.UTFMax]byte // a string and a slice are decoded alike
		n := copy(buf[:], b[i:])
		r, size := utf8.DecodeRune(buf[:n])
		if size == 1 || !isKeyChar(r) {
			return i
		}
		i += size
	}
	return i
}

// isKeyChar reports whether r, which is not in ASCII, is neither a control
// character nor white space [LEX-006] [LEX-007].
func isKeyChar(r rune) bool {
	switch {
	case r <= 0x9f: // C1, with the white space U+0085
		return false
	case r == 0xa0, r == 0x1680, r == 0x202f, r == 0x205f, r == 0x3000:
		return false
	case 0x2000 <= r && r <= 0x200a, r == 0x2028, r == 0x2029:
		return false
	}
	return true
}
