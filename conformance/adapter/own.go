package adapter

import (
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
)

// isOwn reports whether err is the client's own: what the functions say if there are
// any, and otherwise whether err, or an error that it wraps, has a type that is not of
// the standard library. What a socket or a parser returns has one, also when
// fmt.Errorf has wrapped it.
func isOwn(err error, own []func(error) bool) bool {
	for _, says := range own {
		if says(err) {
			return true
		}
	}
	return len(own) == 0 && hasOwnType(err)
}

func hasOwnType(err error) bool {
	if err == nil {
		return false
	}
	t := reflect.TypeOf(err)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.PkgPath() != "" && !isStandard(t.PkgPath()) {
		return true
	}
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		return hasOwnType(err.Unwrap())
	case interface{ Unwrap() []error }:
		if slices.ContainsFunc(err.Unwrap(), hasOwnType) {
			return true
		}
	}
	return false
}

// isStandard reports whether a package is of the standard library: its path begins
// without a point, and it is neither the program nor in a module of the build.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	if path == "main" || strings.Contains(first, ".") {
		return false
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return true
	}
	for _, module := range append(info.Deps, &info.Main) {
		if path == module.Path || strings.HasPrefix(path, module.Path+"/") {
			return false
		}
	}
	return true
}
