package peer

import (
	"context"
	"io"
	"time"
)

// Depart closes the connection, as Close does, but waits with giving it up until the
// other end has closed it too, or ctx is done: one that counts its connections has then
// seen this one end. What comes meanwhile is thrown away, and is not recorded.
func (c *Conn) Depart(ctx context.Context) {
	c.writeMu.Lock()
	err := c.tcp.CloseWrite()
	c.writeMu.Unlock()
	if err == nil {
		stop := context.AfterFunc(ctx, func() { c.tcp.SetReadDeadline(time.Now()) })
		io.Copy(io.Discard, c.tcp) // how it ends is of no interest
		stop()
	}
	c.Close()
}
