package peer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Sizes and numbers of the kernel's sock_diag structures for which x/sys has no
// types (linux/inet_diag.h).
const (
	diagRequestSize = unix.SizeofNlMsghdr + 56 // inet_diag_req_v2
	diagMessageSize = 72                       // inet_diag_msg
	diagUnread      = 56                       // index of idiag_rqueue in it
	diagInfo        = 2                        // INET_DIAG_INFO, the attribute that is a tcp_info
)

// lookUp asks the kernel for the socket of this machine whose own address is local
// and whose peer is remote. A socket that is not there, or that has ceased to
// receive, is not open.
func lookUp(local, remote netip.AddrPort) (socketState, error) {
	answer, err := ask(diagRequest(local, remote))
	if err != nil {
		return socketState{}, err
	}
	return parseDiag(answer)
}

// backlog asks the kernel how many connections to the listener at an address of this
// machine wait to be accepted: none when there is no such listener.
func backlog(listener netip.AddrPort) (int, error) {
	nobody := netip.AddrPortFrom(netip.IPv4Unspecified(), 0)
	if listener.Addr().Is6() {
		nobody = netip.AddrPortFrom(netip.IPv6Unspecified(), 0)
	}
	answer, err := ask(diagRequest(listener, nobody))
	if err != nil {
		return 0, err
	}
	body, err := diagBody(answer)
	if err != nil || body == nil || body[1] != unix.BPF_TCP_LISTEN {
		return 0, err
	}
	return int(binary.NativeEndian.Uint32(body[diagUnread:])), nil
}

// ask puts a question to sock_diag and returns the answer.
func ask(question []byte) ([]byte, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return nil, fmt.Errorf("opening sock_diag: %w", err)
	}
	defer unix.Close(fd)
	kernel := &unix.SockaddrNetlink{Family: unix.AF_NETLINK}
	if err := unix.Sendto(fd, question, 0, kernel); err != nil {
		return nil, fmt.Errorf("asking sock_diag: %w", err)
	}
	buf := make([]byte, 4096)
	n, _, err := unix.Recvfrom(fd, buf, 0)
	if err != nil {
		return nil, fmt.Errorf("reading sock_diag: %w", err)
	}
	return buf[:n], nil
}

// diagRequest builds the netlink message that asks for one socket and its tcp_info.
func diagRequest(local, remote netip.AddrPort) []byte {
	b := make([]byte, 0, diagRequestSize)
	b = binary.NativeEndian.AppendUint32(b, diagRequestSize)
	b = binary.NativeEndian.AppendUint16(b, unix.SOCK_DIAG_BY_FAMILY)
	b = binary.NativeEndian.AppendUint16(b, unix.NLM_F_REQUEST)
	b = append(b, make([]byte, 8)...) // sequence and port: one question, one answer
	family := byte(unix.AF_INET)
	if local.Addr().Is6() {
		family = unix.AF_INET6
	}
	b = append(b, family, unix.IPPROTO_TCP, 1<<(diagInfo-1), 0)
	b = binary.NativeEndian.AppendUint32(b, ^uint32(0)) // in any state
	b = binary.BigEndian.AppendUint16(b, local.Port())
	b = binary.BigEndian.AppendUint16(b, remote.Port())
	for _, addr := range []netip.Addr{local.Addr(), remote.Addr()} {
		raw := addr.AsSlice()
		b = append(b, raw...)
		b = append(b, make([]byte, 16-len(raw))...)
	}
	b = append(b, 0, 0, 0, 0)                               // on any interface
	return append(b, "\xff\xff\xff\xff\xff\xff\xff\xff"...) // with any cookie
}

// diagBody returns the inet_diag_msg and its attributes of the one message that
// answers, nil when there is no such socket.
func diagBody(b []byte) ([]byte, error) {
	if len(b) < unix.SizeofNlMsghdr+4 {
		return nil, fmt.Errorf("sock_diag answered %d bytes", len(b))
	}
	kind, body := binary.NativeEndian.Uint16(b[4:]), b[unix.SizeofNlMsghdr:]
	if kind == unix.NLMSG_ERROR {
		if errno := unix.Errno(-int32(binary.NativeEndian.Uint32(body))); errno != unix.ENOENT {
			return nil, fmt.Errorf("sock_diag: %w", errno)
		}
		return nil, nil
	}
	if kind != unix.SOCK_DIAG_BY_FAMILY || len(body) < diagMessageSize {
		return nil, fmt.Errorf("sock_diag answered a message of type %d with %d bytes", kind, len(b))
	}
	return body, nil
}

// parseDiag reads the state of a connected socket.
func parseDiag(b []byte) (socketState, error) {
	body, err := diagBody(b)
	if err != nil || body == nil {
		return socketState{}, err
	}
	switch body[1] {
	case unix.BPF_TCP_ESTABLISHED, unix.BPF_TCP_CLOSE_WAIT, unix.BPF_TCP_FIN_WAIT1, unix.BPF_TCP_FIN_WAIT2:
	default:
		return socketState{}, nil
	}
	received, err := bytesReceived(body[diagMessageSize:])
	return socketState{open: true, received: received, unread: binary.NativeEndian.Uint32(body[diagUnread:])}, err
}

// bytesReceived finds the count of received bytes among the attributes.
func bytesReceived(attrs []byte) (uint64, error) {
	const at = unix.SizeofRtAttr + int(unsafe.Offsetof(unix.TCPInfo{}.Bytes_received))
	for len(attrs) >= unix.SizeofRtAttr {
		size := int(binary.NativeEndian.Uint16(attrs))
		if size < unix.SizeofRtAttr || size > len(attrs) {
			break
		}
		if binary.NativeEndian.Uint16(attrs[2:]) == diagInfo && size >= at+8 {
			return binary.NativeEndian.Uint64(attrs[at:]), nil
		}
		attrs = attrs[min(len(attrs), (size+3)&^3):] // attributes are aligned to 4 bytes
	}
	return 0, fmt.Errorf("sock_diag did not tell how many bytes arrived: %w", errors.ErrUnsupported)
}
