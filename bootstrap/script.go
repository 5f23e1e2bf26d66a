package bootstrap

import "strings"

// Places are the directories on a host where the agent may be kept, as sh words, in the order in which they are tried.
// $c is ${XDG_CACHE_HOME:-$HOME/.cache}, and $u the number of the account. The first is the account's own cache (XDG
// Base Directory Specification). The others are for accounts whose home is missing, read-only, full or mounted noexec.
var Places = [...]string{
	`$c/sloth-runner`,
	`/var/tmp/sloth-runner-$u`,
	`/tmp/sloth-runner-$u`,
	`/dev/shm/sloth-runner-$u`,
	`/run/user/$u/sloth-runner`,
}

// The scripts below are one line each, inside single quotes, for login shells that are not POSIX: they hold no single
// quote, no line break, no exclamation mark (csh's history) and no backslash (an escape in fish's single quotes).

// wrap makes a login shell of any kind run the script with sh. Blanks within a line stay: a path may have several.
func wrap(script string) string {
	lines := strings.Split(script, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return "exec sh -c '" + strings.Join(lines, " ") + "'"
}

// private is the condition under which a directory may be used: ours, not a link, closed to others. The first place
// is inside the account's home, where the owner is all that is asked. Of the others, one look of ls tells kind, mode and
// owner: with several, another user could put different things there meanwhile. And the directory above must not let
// others rename what is ours: it has the sticky bit, or they can't write there.
const private = `ok() { [ -d "$1" ] && [ -O "$1" ] || return 1; if [ -h "$1" ]; then return 1; fi;
	case $1 in "$c"/*) return 0;; esac;
	set -- "$1" $(ls -ldn "$1"); case $2 in drwx------*) ;; *) return 1;; esac; [ "$4" = "$(id -ru)" ] || return 1;
	case $(ls -ldn "${1%/*}/") in d????-??-*|d????????[tT]*) return 0;; esac; return 1; };`

// serve becomes the agent. The account's own umask is the tasks' umask.
const serve = `exec "$f" agent serve --stdio --marker $m`

// startScript becomes the cached agent, or tells what the host is like. The first place is tried before anything that
// costs a process.
func startScript(marker string, builds []build) string {
	return wrap(`m=` + marker + `; ` + nameAgent(builds) + cacheHome + private + `
	try() { f=$1/$n; if [ -n "$n" ] && [ -x "$f" ] && [ -f "$f" ] && ok "$1"; then ` + serve + `; fi; };
	try ` + quoted(Places[:1]) + `; u=$(id -u);
	for d in ` + quoted(Places[1:]) + `; do try "$d"; done;` + probe() + end)
}

// nameAgent sets $n to the name of the agent for the host's platform, or to nothing. uname(1) gives the system first and
// the machine after it, in whichever order they are asked for (POSIX). Where there is one agent only, that is it: a
// host of another kind never has it.
func nameAgent(builds []build) string {
	if len(builds) == 1 {
		return `n=agent-` + builds[0].digest + `; `
	}
	text := `n=; case $(uname -sm) in `
	for _, b := range builds {
		for _, p := range Platforms {
			if p.Platform == b.Platform {
				text += `"` + p.System + ` ` + strings.Join(p.Machines, `"|"`+p.System+` `) + `") n=agent-` + b.digest + `;; `
			}
		}
	}
	return text + `esac; `
}

// shortcut stands before the line of startScript. With it the login shell itself becomes the agent in the usual place,
// which saves the start of sh; where no agent is there, the shell goes on. Every login shell that is tested reads it
// alike.
// It presumes the most likely platform, of which another in the same home makes nothing but a detour.
func shortcut(marker string, builds []build) string {
	agent := "~/.cache/sloth-runner/agent-" + builds[0].digest
	return "test -x " + agent + " && exec " + agent + " agent serve --stdio --marker " + marker + "|| "
}

// probeScript only tells what the host is like.
func probeScript(marker string) string {
	return wrap(`m=` + marker + `; ` + cacheHome + private + ` u=$(id -u);` + probe() + end)
}

// cacheHome is where accounts keep what can be made again; a path that is not absolute is to be ignored, says the XDG
// Base Directory Specification.
const cacheHome = `c=$XDG_CACHE_HOME; case $c in /*) ;; *) c=$HOME/.cache;; esac;`

// probe tells the system, and which places can be used.
func probe() string {
	return ` umask 077;
	echo "$m" system $(uname -sm) $(uname -o 2>/dev/null);
	if command -v gzip >/dev/null 2>&1; then echo "$m" gzip yes; fi;
	if [ -d "$c" ]; then :; else echo "$m" new-cache; fi;
	for d in ` + quoted(Places[:]) + `; do t=$d/upload-$m.probe;
		if case $d in "$c"/*) mkdir -p "$d";; *) [ -d "$d" ] || mkdir "$d";; esac 2>/dev/null; then :; else echo "$m" bad cannot-create "$d"; continue; fi;
		if ok "$d"; then :; else echo "$m" bad not-private "$d"; continue; fi;
		if (echo : >"$t") 2>/dev/null && [ -s "$t" ]; then :; else rm -f "$t" 2>/dev/null; rmdir "$d" 2>/dev/null; echo "$m" bad cannot-write "$d"; continue; fi;
		chmod 700 "$t"; if "$t" 2>/dev/null; then r=dir; else r=noexec; fi; rm -f "$t";
		if [ $r = noexec ]; then rmdir "$d" 2>/dev/null; echo "$m" bad noexec "$d"; continue; fi;
		k=$(df -Pk "$d" 2>/dev/null | { read -r a; read -r a a a k a; echo "$k"; });
		echo "$m" dir "${k:-0}" "$d";
	done;`
}

// tidyScript removes the directories that the probe made, when nothing comes of them.
func tidyScript(marker string, newCache bool) string {
	dirs := quoted(Places[:])
	if newCache {
		dirs += ` "$c"`
	}
	return wrap(`m=` + marker + `; ` + cacheHome + ` u=$(id -u); for d in ` + dirs + `; do rmdir "$d" 2>/dev/null; done;` + end)
}

// end completes an answer.
const end = ` echo "$m" end`

func quoted(places []string) string {
	return `"` + strings.Join(places, `" "`) + `"`
}

// installScript puts an upload in its place and becomes it. The other places, which the probe made and left empty, go:
// every operator of this build chooses the same one. dir is a path that the host named: it stands in double
// quotes, and quotable has refused it if that were not safe.
func installScript(marker, digest, dir, upload string, compressed bool) string {
	unpack := `mv -f "$p" "$t"`
	if compressed {
		unpack = `gzip -dc <"$p" >"$t"`
	}
	return wrap(`m=` + marker + `; o=$(umask); umask 077; h=` + digest + `; d="` + dir + `"; f=$d/agent-$h; p=$d/` + upload + `; t=$d/upload-$m;
	if ` + unpack + `; then :; else e=$?; rm -f "$p" "$t"; echo "$m" failed unpack $e; exit 1; fi;
	rm -f "$p"; chmod 700 "$t";
	s=$( (sha256sum <"$t" || shasum -a 256 <"$t" || openssl dgst -sha256 -r <"$t" || sha256 -q <"$t") 2>/dev/null);
	if [ -z "$s" ]; then s=$("$t" agent digest); fi;
	case $s in $h*) ;; *) rm -f "$t"; echo "$m" failed digest; exit 1;; esac;
	if mv -f "$t" "$f"; then :; else rm -f "$t"; echo "$m" failed rename; exit 1; fi;
	` + cacheHome + ` u=$(id -u); for x in ` + quoted(Places[:]) + `; do if [ "$x" = "$d" ]; then :; else rmdir "$x" 2>/dev/null; fi; done;
	umask "$o"; ` + serve)
}

// catScript writes its standard input to a file, for servers without SFTP.
func catScript(marker, dir, upload string) string {
	return wrap(`umask 077; m=` + marker + `; p="` + dir + `/` + upload + `";
	if cat >"$p"; then echo "$m" written; else rm -f "$p"; echo "$m" failed write; fi`)
}

// quotable reports whether a path that a host named can stand in double quotes of the scripts. Such a path was made
// by the host's own shell from its own environment; the check keeps its answer from being anything but a path.
func quotable(path string) bool {
	if !strings.HasPrefix(path, "/") || len(path) > 1024 {
		return false
	}
	return !strings.ContainsFunc(path, func(r rune) bool {
		return r < ' ' || r == 0x7f || strings.ContainsRune("'\"`$\\!", r)
	})
}
