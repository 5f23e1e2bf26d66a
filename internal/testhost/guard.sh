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

if [ -n "$server" ]; then
	# Stopped first, so that no connection is accepted while they are listed.
	kill -STOP "$server"
	connections=$(cat "/proc/$server/task/$server/children" || pgrep -P "$server")
	kill -KILL "$server" $connections
fi

# A process may start another between being found and being killed, hence several rounds. The status of grep says
# nothing: it fails when any process ended while it read.
round=0
while [ $round -lt 50 ]; do
	found=$(grep -lsF "SLOTH_TESTHOST_ID=$id" /proc/[0-9]*/environ)
	[ -n "$found" ] || exit 0
	for environ in $found; do
		pid=${environ#/proc/}
		kill -KILL "${pid%/environ}"
	done
	round=$((round + 1))
	[ $round -lt 3 ] || sleep 0.1
done
