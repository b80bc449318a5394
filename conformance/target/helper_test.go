package target_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/putget-protocol/putget/conformance/target"
)

// The test binary is also the programs under test: this variable names the one.
const helperVariable = "TARGET_TEST_HELPER"

func TestMain(m *testing.M) {
	if name := os.Getenv(helperVariable); name != "" {
		help := helpers[name]
		if help == nil {
			help = adapterHelpers()[name]
		}
		if help == nil {
			fmt.Println("no such helper:", name)
			os.Exit(99)
		}
		help(os.Args[1:])
		return
	}
	os.Exit(m.Run())
}

// helpers are small programs. The first argument of most is the address at which to
// listen.
var helpers = map[string]func(args []string){
	"serve": func(args []string) { serve(args[0]) },
	"die": func([]string) {
		fmt.Println("to standard output")
		fmt.Fprintln(os.Stderr, "no such option")
		os.Exit(3)
	},
	"crash":     func([]string) { syscall.Kill(os.Getpid(), syscall.SIGKILL); select {} },
	"never":     func([]string) { fmt.Println("waiting"); forever() },
	"chatty":    chatty,
	"late":      func(args []string) { time.Sleep(100 * time.Millisecond); serve(args[0]) },
	"mortal":    mortal,
	"stubborn":  func(args []string) { signal.Ignore(syscall.SIGTERM); serve(args[0]) },
	"graceful":  graceful,
	"parent":    func(args []string) { child(inGroup, os.Environ()); serve(args[0]) },
	"abandon":   func([]string) { child(inGroup, os.Environ()); os.Exit(0) },
	"disown":    func([]string) { child(inGroup, nil); os.Exit(0) },
	"daemon":    func(args []string) { child(detached, os.Environ()); serve(args[0]) },
	"daemonize": func([]string) { child(detached, os.Environ()); os.Exit(0) },
	"fugitive":  func(args []string) { child(detached, nil); serve(args[0]) },
	"robbed":    robbed,
	"squat":     func(args []string) { squat(args[0]) },
	"judge":     judge,
}

func forever() { time.Sleep(time.Hour); os.Exit(98) }

// serve accepts connections and reads them to their end.
func serve(addr string) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("listening")
	for {
		conn, err := ln.Accept()
		if err != nil {
			os.Exit(1)
		}
		go func() {
			defer conn.Close()
			for buf := make([]byte, 100); ; {
				if _, err := conn.Read(buf); err != nil {
					return
				}
			}
		}()
	}
}

// chatty prints more than is kept.
func chatty([]string) {
	for i := range 20000 {
		fmt.Printf("line %d of a very talkative program\n", i)
	}
	fmt.Print("last words")
	os.Exit(4)
}

// mortal dies of the first byte that it receives.
func mortal(args []string) {
	ln, err := net.Listen("tcp", args[0])
	if err != nil {
		os.Exit(1)
	}
	for {
		conn, err := ln.Accept()
		if err != nil {
			os.Exit(1)
		}
		if n, _ := conn.Read(make([]byte, 1)); n > 0 {
			fmt.Println("cannot take it")
			os.Exit(5)
		}
		conn.Close()
	}
}

// graceful says good bye when it is asked to end, a little later.
func graceful(args []string) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	go serve(args[0])
	<-asked
	time.Sleep(50 * time.Millisecond)
	fmt.Println("bye")
}

// Whether a child stays in the process group of its parent or leaves it.
const (
	inGroup  = false
	detached = true
)

// child starts a program that never ends and that holds the output of its parent,
// and prints its process id.
func child(leaves bool, env []string) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(env, helperVariable+"=never")
	cmd.Stdout = os.Stdout
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: leaves}
	if err := cmd.Start(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("child", cmd.Process.Pid)
}

// robbed finds its port taken at its first start, by a stranger that it makes itself
// and names in a file of the folder that is its second argument.
func robbed(args []string) {
	addr, dir := args[0], args[1]
	if os.Mkdir(dir+"/started", 0o700) != nil {
		serve(addr)
	}
	cmd := exec.Command(os.Args[0], addr)
	cmd.Env = []string{helperVariable + "=squat"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	taken, err := cmd.StdoutPipe()
	if err != nil {
		os.Exit(1)
	}
	if err := cmd.Start(); err != nil {
		os.Exit(1)
	}
	pid := strconv.Itoa(cmd.Process.Pid)
	if err := os.WriteFile(dir+"/stranger", []byte(pid), 0o600); err != nil {
		os.Exit(1)
	}
	taken.Read(make([]byte, 1)) // it holds the port now
	serve(addr)                 // fails and ends
}

// squat holds a port without listening, so that nobody else can.
func squat(addr string) {
	to := netip.MustParseAddrPort(addr)
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err == nil {
		err = syscall.Bind(fd, &syscall.SockaddrInet4{Addr: to.Addr().As4(), Port: int(to.Port())})
	}
	if err != nil {
		os.Exit(1)
	}
	fmt.Println("taken")
	forever()
}

// judge starts the target that its first argument names, and waits to be killed.
// With a second argument it takes away the guard.
func judge(args []string) {
	if args[0] == "staying" {
		adapterJudge()
	}
	p, err := target.Exec("exec env "+command(args[0], "{addr}"), target.ExecConfig{})
	if err == nil {
		err = p.Start(context.Background())
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	if len(args) > 1 && !killGuard() {
		fmt.Println("found no guard")
		os.Exit(1)
	}
	for !slices.Contains(p.Output(), "listening") { // the last line of each
		time.Sleep(time.Millisecond)
	}
	fmt.Println(strings.Join(p.Output(), "\n"))
	fmt.Println("address", p.Addr())
	forever()
}

// killGuard kills the child whose script waits for a word, and reports whether it
// found one.
func killGuard() bool {
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		stat, _ := os.ReadFile(file)
		_, after, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(after)
		line, _ := os.ReadFile(filepath.Dir(file) + "/cmdline")
		if len(fields) > 1 && fields[1] == strconv.Itoa(os.Getpid()) && strings.Contains(string(line), "read -r group") {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			return syscall.Kill(pid, syscall.SIGKILL) == nil
		}
	}
	return false
}

// command returns the shell command that runs a helper.
func command(helper string, args ...string) string {
	return fmt.Sprintf("%s=%s '%s' %s", helperVariable, helper, os.Args[0], strings.Join(args, " "))
}
