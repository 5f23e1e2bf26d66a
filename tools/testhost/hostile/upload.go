package hostile

import (
	"encoding/binary"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

var markerOf = regexp.MustCompile(`\bm=([0-9a-f]{32});`)

// marker returns the word at the beginning of the lines of an answer to this command.
func (s *session) marker() string {
	if found := markerOf.FindStringSubmatch(s.command); found != nil {
		return found[1]
	}
	return "none"
}

// inUpload are attacks on a client that copies an agent to the host.
func inUpload() []Mode {
	modes := []struct {
		name, what string
		often      bool
		sftp, rest func(*Host, *session) // nil: refused
	}{
		{"upload-taken-by-none", "alive, and takes nothing of an upload", true, nil, (*Host).takeNone},
		{"upload-slow", "takes an upload byte after byte", false, nil, (*Host).takeSlowly},
		{"sftp-silent", "an SFTP server that says nothing, and a host that is alive", false, (*Host).takeNone, nil},
		{"sftp-lies", "an SFTP server that has written all, and has not", true, (*Host).lie, nil},
		{"sftp-flood", "an SFTP server that talks without end", false, func(_ *Host, s *session) { repeat(s, make([]byte, 30_000)) }, nil},
		{"sftp-long", "an SFTP server whose packets are too long", false, func(_ *Host, s *session) {
			_, _ = s.Write([]byte{0xff, 0xff, 0xff, 0xff, 2})
			s.wait()
		}, nil},
		{"install-silent", "takes an upload, and never installs it", false, (*Host).lie, func(_ *Host, s *session) { s.wait() }},
		{"install-cut", "ends the connection when the agent is to be installed", false, (*Host).lie, func(_ *Host, s *session) { _ = s.conn.conn.Close() }},
	}
	var all []Mode
	for _, m := range modes {
		all = append(all, Mode{Name: m.name, What: m.what, Often: m.often, session: func(h *Host, s *session) {
			switch {
			case s.command == "sftp" && m.sftp != nil:
				m.sftp(h, s)
			case s.command == "sftp":
				s.exit(1)
			case strings.Contains(s.command, "system $(uname"):
				fmt.Fprintf(s, "%[1]s system Linux x86_64\n%[1]s dir 1000000 /tmp/x\n%[1]s end\n", s.marker())
				s.exit(0)
			case m.rest != nil:
				m.rest(h, s)
			default:
				// Whatever was to be installed is not there.
				fmt.Fprintf(s, "%s failed gone\n", s.marker())
				s.exit(1)
			}
		}})
	}
	return all
}

// takeNone reads nothing, so that the window stays closed, and keeps the connection alive.
func (h *Host) takeNone(s *session) {
	for h.pause(100 * time.Millisecond) {
		if _, _, err := s.conn.SendRequest("keepalive@openssh.com", false, nil); err != nil {
			return
		}
	}
}

// takeSlowly reads a byte at a time.
func (h *Host) takeSlowly(s *session) {
	for h.pause(100 * time.Millisecond) {
		if _, err := s.Read(make([]byte, 1)); err != nil {
			return
		}
		if _, _, err := s.conn.SendRequest("keepalive@openssh.com", false, nil); err != nil {
			return
		}
	}
}

// lie answers each SFTP request with success, and does nothing.
func (h *Host) lie(s *session) {
	const version, open, handle, status = 2, 3, 102, 101
	for {
		var head [5]byte
		if _, err := io.ReadFull(s, head[:]); err != nil {
			return
		}
		length := binary.BigEndian.Uint32(head[:4])
		if length == 0 || length > 1<<20 {
			return
		}
		body := make([]byte, length-1)
		if _, err := io.ReadFull(s, body); err != nil {
			return
		}
		answer := ssh.Marshal(struct {
			Type     byte
			ID, Code uint32
			Message  string
			Language string
		}{status, idOf(body), 0, "", ""})
		switch head[4] {
		case 1:
			answer = []byte{version, 0, 0, 0, 3}
		case open:
			answer = ssh.Marshal(struct {
				Type   byte
				ID     uint32
				Handle string
			}{handle, idOf(body), "h"})
		}
		if _, err := s.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(answer))), answer...)); err != nil {
			return
		}
	}
}

func idOf(body []byte) uint32 {
	if len(body) < 4 {
		return 0
	}
	return binary.BigEndian.Uint32(body)
}
