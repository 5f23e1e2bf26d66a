package bootstrap

import (
	"fmt"
	"strings"

	"sloth-runner/bootstrap/payload"
)

// Explain says in words what the bootstrap does, in the order in which it does it.
func Explain() string {
	var text strings.Builder
	text.WriteString(`How a host gets its agent, over one SSH connection and one session at a time:

1. connect        TCP, through the jump hosts that are configured; then the exchange of keys. The host's key must be
                  known, before anything is sent. Then the log-in.
2. start          One command asks the host's own sh for the agent of exactly this build, named by its SHA-256, in the
                  places below, and becomes it. Nothing else is needed where it is there.
3. probe          Where it is not, the same command tells what the host is (uname), whether it has gzip, and what can
                  be done in each place: a file is written and executed there.
4. upload         The agent for that platform goes to the first place with room for it: over SFTP, or through cat
                  where there is no SFTP; compressed where there is gzip; under a name that nothing else uses.
5. install        It is unpacked, its SHA-256 is compared with what was sent, and it takes its name, in one step; then
                  it is started. The places that were probed in vain are removed.
6. end            When the connection ends, for whatever reason, so do the agent and all that it started. Its file
                  stays for the next run. "bootstrap clean" removes it.

The places, in the order in which they are tried ($u is the number of the account):

`)
	for i, place := range places {
		fmt.Fprintf(&text, "%d. %-32s %s\n", i+1, place.dir, place.use)
	}
	fmt.Fprintf(&text, `
A place is used when it can be made or is there, belongs to the account, is no link, takes a file, executes it, and has
room for the agent and its compressed form. No other user may be able to exchange what is in it: it and all directories
above it belong to the account or to root, and others can't write there, unless it has the sticky bit, as /tmp has. The
places outside of the account's cache have mode 0700. An agent there removes, when it starts, all but the last builds used before, and uploads that were cut off.

There are agents for %s.
`, payload.List(payload.EveryPlatform()))
	return text.String()
}
