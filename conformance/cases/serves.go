package cases

import (
	"context"
	"slices"
	"time"

	"github.com/putget-protocol/putget/conformance/peer"
)

// How often a target that has closed a new connection is asked again, and how long
// after the first time; after each it is so many times longer. The target may not have
// seen yet that others have ended.
const (
	askAgain    = 4
	askDistance = 10 * time.Millisecond
	askGrowth   = 4
)

// servesNobody ends all connections of the session and reports whether the target
// closes each new one without a reply: then it is no matter of the request that the
// first one of a connection came to nothing. A target that is silent, or refuses
// connections, is another matter; and one that serves again after a while had too many
// connections at once, so that another look has to tell.
func (s *Session) servesNobody(ctx context.Context) bool {
	s.release()
	distance := askDistance
	for i := range askAgain {
		if i > 0 && s.look.ServesNobody {
			return true // it was waited for before, in vain
		}
		if !s.isTurnedAway(ctx) {
			if i > 0 {
				s.crowded()
			}
			return false
		}
		timer := time.NewTimer(distance)
		distance *= askGrowth
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return false
		}
	}
	return true
}

// blamesEnd reports whether blames say whom the end of a connection is to be blamed on.
func blamesEnd(blames []Blame) bool {
	return slices.ContainsFunc(blames, func(b Blame) bool { return b.Symptoms == nil || slices.Contains(b.Symptoms, Closed) })
}

// isTurnedAway reports whether a new connection is closed without a reply.
func (s *Session) isTurnedAway(ctx context.Context) bool {
	wait, cancel := context.WithTimeout(ctx, s.look.Patience)
	defer cancel()
	c, err := peer.Dialer{Gate: s.look.Gate}.Dial(wait, s.rec, "P", s.look.Addr)
	if err == nil {
		defer c.Close()
		err = c.Send(wait, []byte("get "+s.Key("nobody")+"\n"))
	}
	if err == nil {
		_, err = c.ReadReply(wait)
	}
	reason := peer.ReasonOf(err)
	return reason == peer.ReasonClosed || reason == peer.ReasonReset
}

// crowded records that what was seen may come from too many connections.
func (s *Session) crowded() {
	s.slow()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Crowded = true
}
