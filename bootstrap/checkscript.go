package bootstrap

import "sloth-runner/bootstrap/payload"

// checkScript tells what probeScript does, and where the agent is already. The directories that were not there before
// go again.
func checkScript(marker string, builds []payload.Agent) string {
	return wrap(`m=` + marker + `; ` + nameAgent(builds) + cacheHome + private + ` u=$(id -u);
	for d in ` + quoted(Places[:]) + `; do f=$d/$n; if [ -n "$n" ] && [ -x "$f" ] && [ -f "$f" ] && ok "$d" "$n"; then echo "$m" agent "$p"; break; fi; done;
	set --; for d in ` + quoted(Places[:]) + ` "$c"; do if [ -d "$d" ]; then :; else set -- "$@" "$d"; fi; done;` + probe() + `
	for d in "$@"; do rmdir "$d" 2>/dev/null; done;` + end)
}

// becomeWords are all that becomeScript says.
var becomeWords = [...]string{
	"root", "none",
	"sudo passwordless", "sudo password", "sudo terminal", "sudo refused",
	"doas passwordless", "doas password", "doas refused",
}

// becomeScript tells what it takes to become root. It asks sudo(8) and doas(1) to do nothing, without a password: they
// say why not. Their words are those of the C locale.
func becomeScript(marker string) string {
	return wrap(`m=` + marker + `; b=none;
	if [ "$(id -u)" = 0 ]; then b=root;
	elif command -v sudo >/dev/null 2>&1; then
		if e=$(LC_ALL=C sudo -n /bin/sh -c : 2>&1 </dev/null); then b="sudo passwordless";
		else case $e in *tty*) b="sudo terminal";; *"not allowed"*|*"not in the sudoers"*|*"may not run"*) b="sudo refused";; *) b="sudo password";; esac; fi;
	elif command -v doas >/dev/null 2>&1; then
		if e=$(LC_ALL=C doas -n true 2>&1 </dev/null); then b="doas passwordless";
		else case $e in *"not permitted"*) b="doas refused";; *) b="doas password";; esac; fi;
	fi;
	echo "$m" become "$b";` + end)
}
