package mutant_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/mutant"
)

// Steps of a scripted server, besides the bytes of a reply, in which | parts pieces.
const (
	closes  = "\x00close" // the connection, behind what stands before it
	silence = "\x00silence"
)

// A scene is a client's calls and the replies of a scripted server, a request each.
type scene struct {
	name    string
	refused bool // nothing listens
	calls   []string
	replies []string
	pause   time.Duration // before the last call
	about   string        // ids of sentences whose faults show here
}

const (
	open   = `{"op":"open","args":["127.0.0.1",PORT,TIMEOUT]}`
	noTime = `{"op":"open","args":["127.0.0.1",PORT]}`
	put    = `{"op":"put","args":["palm.cpu",0.5,7]}`
	get    = `{"op":"get","args":["palm.cpu"]}`
	all    = `{"op":"get","args":["*"]}`
	okPut  = "ok\n\n"
	okGet  = "ok\npalm.cpu 0.5 7\n\n"
)

// puts returns a put for each of the arguments.
func puts(args ...string) []string {
	calls := []string{open}
	for _, a := range args {
		calls = append(calls, `{"op":"put","args":[`+a+`]}`)
	}
	return calls
}

// gets returns a scene of one get for each reply.
func gets(name string, replies ...string) scene {
	s := scene{name: name, calls: []string{open}, replies: replies}
	for range replies {
		s.calls = append(s.calls, all)
	}
	return s
}

// A stage plays scenes to one client after the other.
type stage struct {
	ln    net.Listener
	mu    sync.Mutex
	lines []string // what came, a connection's name before each
	left  []string // replies
	conns []net.Conn
	wg    sync.WaitGroup
}

func (s *stage) serve() {
	for {
		conn, err := s.ln.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns = append(s.conns, conn)
		name := fmt.Sprintf("%c> ", 'A'-1+len(s.conns))
		s.lines = append(s.lines, name+"opened")
		s.mu.Unlock()
		s.wg.Go(func() { s.session(conn, name) })
	}
}

func (s *stage) session(conn net.Conn, name string) {
	defer conn.Close()
	for lines := bufio.NewReader(conn); ; {
		line, err := lines.ReadString('\n')
		s.mu.Lock()
		reply := silence
		if line != "" {
			s.lines = append(s.lines, name+line)
		}
		if err == nil && len(s.left) > 0 {
			reply, s.left = s.left[0], s.left[1:]
		}
		s.mu.Unlock()
		if err != nil {
			return
		}
		text, ends := strings.CutSuffix(reply, closes)
		text = strings.TrimSuffix(text, silence)
		for i, piece := range strings.Split(text, "|") {
			if i > 0 {
				time.Sleep(30 * time.Millisecond)
			}
			conn.Write([]byte(piece))
		}
		if ends {
			return
		}
	}
}

// A patience is how long a client may take over a scene, apart from the pause in it, and
// the timeout that it is given.
type patience struct{ scene, timeout time.Duration }

// play returns what a client did in a scene: what it sent and what it answered.
func play(t *testing.T, s scene, a *mutant.Adapter, p patience) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{ln: ln, left: s.replies}
	if s.refused {
		ln.Close()
	}
	st.wg.Go(st.serve)
	ctx, cancel := context.WithTimeout(t.Context(), p.scene+s.pause)
	defer cancel()
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	in := &calls{left: s.calls, replace: strings.NewReplacer("PORT", port, "TIMEOUT", fmt.Sprint(p.timeout.Seconds())), pause: s.pause}
	var out bytes.Buffer
	stop := context.AfterFunc(ctx, st.end)
	if err := a.Run(ctx, in, &out); err != nil {
		t.Errorf("Run: %v", err)
	}
	if !stop() {
		out.WriteString("LATE\n")
	}
	st.settle()
	return normal(strings.Join(st.lines, "\n") + "\n" + out.String())
}

// settle waits until everything that the client sent has been noted. Its connections are
// closed by now; another one shows that all of them were accepted.
func (s *stage) settle() {
	name := ""
	if last, err := net.Dial("tcp", s.ln.Addr().String()); err == nil {
		last.Close()
		for name == "" {
			time.Sleep(time.Millisecond)
			name = s.nameOf(last.LocalAddr())
		}
	}
	s.ln.Close()
	s.wg.Wait()
	s.lines = slices.DeleteFunc(s.lines, func(line string) bool { return name != "" && line == name+"opened" })
}

// nameOf returns the name of a connection that was accepted, "" for none.
func (s *stage) nameOf(addr net.Addr) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, c := range s.conns {
		if c.RemoteAddr().String() == addr.String() {
			return fmt.Sprintf("%c> ", 'A'+i)
		}
	}
	return ""
}

// end closes the connections.
func (s *stage) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		c.(*net.TCPConn).SetLinger(0)
		c.Close()
	}
}

// calls is the standard input of an adapter: a line a read.
type calls struct {
	left    []string
	replace *strings.Replacer
	pause   time.Duration
}

func (c *calls) Read(p []byte) (int, error) {
	if len(c.left) == 0 {
		return 0, io.EOF
	}
	if len(c.left) == 1 {
		time.Sleep(c.pause)
	}
	n := copy(p, c.replace.Replace(c.left[0])+"\n")
	c.left = c.left[1:]
	return n, nil
}

// normal replaces what differs from run to run: the present, ports and texts.
func normal(text string) string {
	now := time.Now().Unix()
	text = regexp.MustCompile(`\b1[0-9]{9}\b`).ReplaceAllStringFunc(text, func(n string) string {
		if n == fmt.Sprint(now) || n == fmt.Sprint(now-1) {
			return "NOW"
		}
		return n
	})
	return regexp.MustCompile(`"(error|crash)":.*`).ReplaceAllString(text, `"$1"`)
}

// answersOf returns what kind of answers stand in what play returned.
func answersOf(played string) string {
	var kinds []string
	for line := range strings.Lines(played) {
		var answer map[string]any
		if json.Unmarshal([]byte(line), &answer) == nil && len(answer) == 1 || strings.HasPrefix(line, `{"`) {
			kinds = append(kinds, regexp.MustCompile(`ok|error|crash`).FindString(line))
		}
	}
	return strings.Join(kinds, " ")
}
