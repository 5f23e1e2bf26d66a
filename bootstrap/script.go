package bootstrap

import (
	"strings"

	"sloth-runner/bootstrap/payload"
)

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

// private defines the condition under which a directory may be used: it is ours, no link, and no other account can
// exchange it or what is in it. ok DIR [FILE] sets $p to its path without links, which is used from then on. One look of
// ls, from the root down to the file, tells kind, mode and owner of each: root's or ours, and nothing that others can
// write to, but for directories with the sticky bit. What was found so can't be exchanged by others while ls looks at what
// is below, nor later. Outside of the account's cache the directory must be closed to others too ($v).
const private = ` w=$(id -ru);
	ok() { case $1 in "$c"/*) v=;; *) v=closed;; esac; safe "$@"; };
	safe() { p=; [ -d "$1" ] && [ -O "$1" ] || return 1; if [ -h "$1" ]; then return 1; fi;
	p=$(cd -P "$1" 2>/dev/null && pwd -P) || return 1;
	x=$p${2:+/$2}; set --; while [ -n "$x" ]; do set -- "$x" "$@"; x=${x%/*}; done;
	ls -ldn / "$@" 2>/dev/null | kept $#; };
	kept() { i=0; while read -r k x o x; do
	case $o in 0|"$w") ;; *) return 1;; esac;
	case $k in [-d]????-??-*|d????????[tT]*) ;; *) return 1;; esac;
	if [ -n "$v" ]; then case $x in *" $p") case $k in drwx------*) ;; *) return 1;; esac;; esac; fi;
	i=$((i+1)); done; [ $i = $(($1+1)) ]; };`

// serve becomes the agent. The account's own umask is the tasks' umask.
const serve = `exec "$f" agent serve --stdio --marker $m`

// try becomes the cached agent in a place, if it is there and safe. Where it is not there, that costs no process.
const try = private + `
	try() { if [ -n "$n" ] && [ -x "$1/$n" ] && [ -f "$1/$n" ] && ok "$1" "$n"; then f=$p/$n; ` + serve + `; fi; };`

// startScript becomes the cached agent, or tells what the host is like.
func startScript(marker string, builds []payload.Agent) string {
	return wrap(`m=` + marker + `; ` + nameAgent(builds) + cacheHome + try + `
	try ` + quoted(Places[:1]) + `; u=$(id -u);
	for d in ` + quoted(Places[1:]) + `; do try "$d"; done;` + probe() + end)
}

// nameAgent sets $n to the name of the agent for the host's platform, or to nothing. uname(1) gives the system first and
// the machine after it, in whichever order they are asked for (POSIX). Where there is one agent only, that is it: a
// host of another kind never has it.
func nameAgent(builds []payload.Agent) string {
	if len(builds) == 1 {
		return `n=agent-` + builds[0].SHA256 + `; `
	}
	text := `n=; case $(uname -sm) in `
	for _, b := range builds {
		for _, p := range payload.Platforms {
			if p.Platform == b.Platform {
				text += `"` + p.System + ` ` + strings.Join(p.Machines, `"|"`+p.System+` `) + `") n=agent-` + b.SHA256 + `;; `
			}
		}
	}
	return text + `esac; `
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
	for d in ` + quoted(Places[:]) + `; do
		if case $d in "$c"/*) mkdir -p "$d";; *) [ -d "$d" ] || mkdir "$d";; esac 2>/dev/null; then :; else echo "$m" bad cannot-create "$d"; continue; fi;
		if ok "$d"; then :; else echo "$m" bad not-private "$d"; continue; fi; t=$p/upload-$m.probe;
		if (echo : >"$t") 2>/dev/null && [ -s "$t" ]; then :; else rm -f "$t" 2>/dev/null; rmdir "$d" 2>/dev/null; echo "$m" bad cannot-write "$d"; continue; fi;
		chmod 700 "$t"; if "$t" 2>/dev/null; then r=dir; else r=noexec; fi; rm -f "$t";
		if [ $r = noexec ]; then rmdir "$d" 2>/dev/null; echo "$m" bad noexec "$d"; continue; fi;
		k=$(df -Pk "$p" 2>/dev/null | { read -r a; read -r a a a k a; echo "$k"; });
		echo "$m" dir "${k:-0}" "$p";
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
// quotes, and quotable has refused it if that were not safe. A step that failed because its file is not there any more
// says so (fail WORD FILE [STATUS]).
func installScript(marker, digest, dir, upload string, compressed bool) string {
	unpack := `mv -f "$q" "$t"`
	if compressed {
		unpack = `gzip -dc <"$q" >"$t"`
	}
	return wrap(`m=` + marker + `; z=$(umask); umask 077; h=` + digest + `; d="` + dir + `"; f=$d/agent-$h; q=$d/` + upload + `; t=$d/upload-$m;
	fail() { if [ -e "$2" ]; then e="$1 $3"; else e=` + gone + `; fi; rm -f "$q" "$t"; echo "$m" failed "${e% }"; exit 1; };` + private + ` v=;
	if safe "$d"; then :; else fail place "$d"; fi;
	if ` + unpack + `; then :; else fail unpack "$q" $?; fi;
	rm -f "$q"; chmod 700 "$t";
	s=$( (sha256sum <"$t" || shasum -a 256 <"$t" || openssl dgst -sha256 -r <"$t" || sha256 -q <"$t") 2>/dev/null);
	if [ -z "$s" ]; then s=$("$t" agent digest); fi;
	case $s in $h*) ;; *) fail digest "$t";; esac;
	if mv -f "$t" "$f"; then :; else fail rename "$t"; fi;
	` + cacheHome + ` u=$(id -u); for x in ` + quoted(Places[:]) + `; do if [ "$x" = "$d" ]; then :; else rmdir "$x" 2>/dev/null; fi; done;
	umask "$z"; if [ -x "$f" ]; then ` + serve + `; fi; fail start "$f"`)
}

// gone is what a step says whose file is not there any more.
const gone = "gone"

// catScript writes its standard input to a file, for servers without SFTP.
func catScript(marker, dir, upload string) string {
	return wrap(`umask 077; m=` + marker + `; p="` + dir + `/` + upload + `";
	if cat >"$p"; then echo "$m" written; elif [ -d "` + dir + `" ]; then rm -f "$p"; echo "$m" failed write; else echo "$m" failed ` + gone + `; fi`)
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
