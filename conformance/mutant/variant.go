package mutant

import "slices"

// A Variant is a server that is right, and unusual. The judge must not accuse it.
type Variant struct {
	ID    string // lower-case words joined by "-"
	Title string
	// Warns are ids of sentences with SHOULD that it does not follow.
	Warns []string
	// CoreOnly says that it is right at level core, and wrong beyond.
	CoreOnly bool
	Apply    func(b *Behaviour)
}

// Variants returns every variant.
func Variants() []Variant {
	return slices.Concat(wordingVariants(), deliveryVariants(), limitVariants(), storeVariants(), coreVariants())
}

// FindVariant returns the variant of that id, and whether there is one.
func FindVariant(id string) (Variant, bool) {
	all := Variants()
	if i := slices.IndexFunc(all, func(v Variant) bool { return v.ID == id }); i >= 0 {
		return all[i], true
	}
	return Variant{}, false
}
