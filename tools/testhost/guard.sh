# sh guard.sh ID [COMMAND...]: runs COMMAND, a server in the foreground, until whoever started this is gone.
#
# The end of standard input means that: it was closed on purpose, or its owner died. Then the server, its connections
# and all processes with SLOTH_TESTHOST_ID=ID in their environment are killed.
id=$1
shift
server=
if [ $# -gt 0 ]; then
	"$@" </dev/null &
	server=$!
fi
# Only the server may hold these open: they tell the owner that it ended.
exec >/dev/null 2>&1

while read -r _; do :; done

# tree PID: the process and all that descend from it.
tree() {
	echo "$1"
	for child in $(cat "/proc/$1/task/$1/children" || pgrep -P "$1"); do
		tree "$child"
	done
}

if [ -n "$server" ]; then
	# Stopped first, so that no connection is accepted while they are listed.
	kill -STOP "$server"
	kill -KILL $(tree "$server")
fi

# What is left has gone into the background. A process may start another between being found and being killed, and
# has no environment for a moment while it becomes another program: hence several rounds, until two find nothing. The
# status of grep says nothing: it fails when any process ended while it read.
round=0
empty=0
while [ $empty -lt 2 ] && [ $round -lt 50 ]; do
	[ $round -eq 0 ] || sleep 0.02
	round=$((round + 1))
	empty=$((empty + 1))
	for environ in $(grep -lsF "SLOTH_TESTHOST_ID=$id" /proc/[0-9]*/environ); do
		empty=0
		pid=${environ#/proc/}
		kill -KILL "${pid%/environ}"
	done
done
exit 0
