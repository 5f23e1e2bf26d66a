package testhost

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// openSSH is an installed OpenSSH server that this user can run hosts with.
type openSSH struct {
	sshd       string // absolute path, which sshd insists on
	sftpServer string
	// penalties says that this version shuts out addresses that misbehave (since 9.8): on loopback that would be
	// every test for the fault of one.
	penalties bool
}

// findOpenSSH returns the installed server, or nil when there is none or this user's sessions would not work.
func findOpenSSH(ctx context.Context) *openSSH {
	sshd := firstFile("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd", "/opt/homebrew/sbin/sshd")
	sftpServer := firstFile("/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server", "/usr/lib/ssh/sftp-server",
		"/usr/libexec/sftp-server", "/opt/homebrew/libexec/sftp-server")
	if sshd == "" || sftpServer == "" || !canLogIn(ctx) {
		return nil
	}
	return &openSSH{sshd: sshd, sftpServer: sftpServer, penalties: hasPenalties(ctx, sshd)}
}

func firstFile(paths ...string) string {
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	return ""
}

// canLogIn reports whether the password database has this user, with a shell that runs commands. Where the database
// can't be asked it is taken to be so.
func canLogIn(ctx context.Context) bool {
	entry, err := exec.CommandContext(ctx, "getent", "passwd", strconv.Itoa(os.Getuid())).Output()
	if errors.Is(err, exec.ErrNotFound) {
		return true
	}
	fields := strings.Split(strings.TrimSpace(string(entry)), ":")
	if err != nil || len(fields) != 7 {
		return false
	}
	shell := path.Base(fields[6])
	return shell != "nologin" && shell != "false"
}

var versionPattern = regexp.MustCompile(`OpenSSH_(\d+)\.(\d+)`)

// hasPenalties reports whether sshd knows PerSourcePenalties.
func hasPenalties(ctx context.Context, sshd string) bool {
	// Older versions do not know -V, and then name themselves in the usage message: the status says nothing.
	text, _ := exec.CommandContext(ctx, sshd, "-V").CombinedOutput()
	version := versionPattern.FindSubmatch(text)
	if version == nil {
		return false
	}
	major, _ := strconv.Atoi(string(version[1]))
	minor, _ := strconv.Atoi(string(version[2]))
	return major > 9 || major == 9 && minor >= 8
}

// config is the sshd_config of a host. Of settings that come twice, sshd takes the first.
func (o *openSSH) config(s *site, port int) string {
	lines := append([]string(nil), s.ExtraConfig...)
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	add("ListenAddress %s", address(port))
	add("HostKey %q", s.hostKeyFile())
	add("AuthorizedKeysFile %q", s.authorizedKeysFile())
	add("StrictModes no") // /tmp is writable for all
	add("PidFile none")
	add("LogLevel VERBOSE")
	add("UsePAM no")
	add("UseDNS no")
	add("PrintMotd no")
	add("AuthenticationMethods publickey")
	add("PasswordAuthentication no")
	add("KbdInteractiveAuthentication no")
	add("PermitRootLogin prohibit-password")
	if o.penalties {
		add("PerSourcePenalties no")
	}
	if s.MaxStartups != "" {
		add("MaxStartups %s", s.MaxStartups)
	}
	if s.MaxSessions1 {
		add("MaxSessions 1")
	}
	if s.NoForwarding {
		add("DisableForwarding yes")
	}
	if !s.NoSFTP {
		add("Subsystem sftp %s", o.sftpServer)
	}
	add("SetEnv %s", quoteAll(s.environment()))
	add("ForceCommand %s", s.login())
	return strings.Join(lines, "\n") + "\n"
}

// quoteAll quotes words for one line of sshd_config.
func quoteAll(words []string) string {
	var line strings.Builder
	for _, word := range words {
		fmt.Fprintf(&line, "%q ", word)
	}
	return strings.TrimSpace(line.String())
}
