package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// shellCommand returns a command that sh runs.
func shellCommand(command string) *exec.Cmd { return exec.Command("/bin/sh", "-c", command) }

// direct returns the command without sh, or nil if a shell could make a difference. It avoids the time that a shell
// needs to start. Some shells replace themselves with a single program and others wait for it, so tasks can't depend on
// the shell's own process.
func direct(command string) *exec.Cmd {
	words := plainWords(command)
	if words == nil || interpreted(words[0]) || hasShellFunctions(os.Environ()) {
		return nil
	}
	path, err := exec.LookPath(words[0])
	if err != nil || !filepath.IsAbs(path) {
		return nil
	}
	return &exec.Cmd{Path: path, Args: words}
}

// plainWords splits a command that consists only of plain words, without characters that have a meaning for a shell. It
// returns nil for all other commands.
func plainWords(command string) []string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./:,+@%= \t", r)
	}
	if strings.ContainsFunc(command, func(r rune) bool { return !plain(r) }) {
		return nil
	}
	words := strings.Fields(command)
	if len(words) == 0 || strings.Contains(words[0], "=") {
		return nil
	}
	return words
}

// interpreted reports whether a shell may interpret the first word of a command itself. The words are those of POSIX,
// dash, bash, ksh and BusyBox. A word too many in the list only costs the start of sh.
func interpreted(word string) bool { return slices.Contains(shellWords, word) }

var shellWords = strings.Fields(`
	. : alias bg bind break builtin caller case cd chdir command compgen complete compopt continue coproc declare dirs
	disown do done echo elif else enable esac eval exec exit export false fc fg fi for function getopts global hash help
	history if in inlib jobs kill let local logout mapfile print printf popd pushd pwd read readarray readonly return
	select set shift shopt sleep source suspend test then time times trap true type typeset ulimit umask unalias unset
	until wait whence while`)

// hasShellFunctions reports whether the environment has functions for bash, which take precedence over programs.
func hasShellFunctions(environ []string) bool {
	return slices.ContainsFunc(environ, func(v string) bool { return strings.HasPrefix(v, "BASH_FUNC_") })
}
