package main

import "strings"

// A command line such as "putget put palm.cpu -1.5 -5" has numbers where the flag
// parser sees flags. A mark in front hides the minus from it. The mark is a NUL,
// which no argument of a process can hold.
const negativeMark = "\x00"

// hideNegatives marks the arguments that begin like a negative number. No flag
// does.
func hideNegatives(args []string) []string {
	hidden := make([]string, len(args))
	for i, arg := range args {
		if len(arg) > 1 && arg[0] == '-' && (arg[1] == '.' || '0' <= arg[1] && arg[1] <= '9') {
			arg = negativeMark + arg
		}
		hidden[i] = arg
	}
	return hidden
}

// showNegatives removes the marks, quoted or not, from an argument or a message.
func showNegatives(text string) string {
	return strings.NewReplacer(negativeMark, "", `\x00`, "").Replace(text)
}
