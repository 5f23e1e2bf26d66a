package testhost

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// goSession is one session of the server in this process: a command or SFTP.
type goSession struct {
	server  *goServer
	channel ssh.Channel
	// ended is called before the client can know that the session has ended, so that the client may open the next one.
	ended   func()
	command *goCommand // nil for SFTP
	started bool
	running sync.WaitGroup
}

// serve answers the client's requests until the session ends, and then kills its processes.
func (s *goSession) serve(requests <-chan *ssh.Request) {
	for request := range requests {
		start, ok := s.request(request)
		if request.WantReply {
			_ = request.Reply(ok, nil)
		}
		// The reply comes first: a session that ended before it would look like a refused one.
		if start != nil {
			start()
		}
	}
	if s.command != nil {
		s.command.kill()
	}
	s.ended()
	_ = s.channel.Close()
	s.running.Wait()
}

// request handles one request and reports whether it succeeded. A started command sends nothing to the client until
// start is called. Terminals, shells and the client's variables are refused.
func (s *goSession) request(r *ssh.Request) (start func(), ok bool) {
	var argument struct{ Text string }
	switch r.Type {
	case "exec", "subsystem", "signal":
		if ssh.Unmarshal(r.Payload, &argument) != nil {
			return nil, false
		}
	}
	switch {
	case r.Type == "exec" && !s.started:
		return s.exec(argument.Text)
	case r.Type == "subsystem" && !s.started:
		return s.subsystem(argument.Text)
	case r.Type == "signal" && s.command != nil:
		return nil, s.command.signal(argument.Text)
	default:
		return nil, false
	}
}

func (s *goSession) exec(line string) (start func(), ok bool) {
	command, stdin, err := startGoCommand(s.server.site, line, s.channel)
	if err != nil {
		s.server.log.Printf("exec: %v", err)
		return nil, false
	}
	s.command, s.started = command, true
	return func() {
		s.running.Go(func() {
			defer stdin.Close()
			_, _ = io.Copy(stdin, s.channel)
		})
		s.running.Go(func() { s.end(command.wait()) })
	}, true
}

func (s *goSession) subsystem(name string) (start func(), ok bool) {
	if name != "sftp" || s.server.site.NoSFTP {
		s.server.log.Printf("subsystem request for %q failed, subsystem not found", name)
		return nil, false
	}
	var files interface{ Serve() error }
	if tree := s.server.site.SFTPTree; tree != "" {
		files = sftp.NewRequestServer(s.channel, otherTree{tree}.handlers())
	} else {
		server, err := sftp.NewServer(s.channel, sftp.WithServerWorkingDirectory(s.server.site.home))
		if err != nil {
			s.server.log.Printf("sftp: %v", err)
			return nil, false
		}
		files = server
	}
	s.started = true
	return func() {
		s.running.Go(func() {
			if s.server.site.Noisy {
				s.makeNoise()
			}
			if err := files.Serve(); err != nil && !errors.Is(err, io.EOF) {
				s.server.log.Printf("sftp: %q", err)
			}
			s.end("exit-status", ssh.Marshal(struct{ Status uint32 }{0}))
		})
	}, true
}

func (s *goSession) makeNoise() {
	stdout, stderr := s.server.site.noise()
	for _, line := range stdout {
		fmt.Fprintln(s.channel, line)
	}
	fmt.Fprintln(s.channel.Stderr(), stderr)
}

// end reports to the client how the session ended.
func (s *goSession) end(how string, payload []byte) {
	s.ended()
	_, _ = s.channel.SendRequest(how, false, payload)
	_ = s.channel.Close()
}
