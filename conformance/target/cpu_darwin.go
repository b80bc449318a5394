package target

import "time"

// cpu is only known for Linux.
func (r *run) cpu() (used time.Duration, ok bool) { return 0, false }
