package bootstrap

// places are the directories on a host where the agent may be kept, as sh words, in the order in which they are tried, and
// what each is for. $c is ${XDG_CACHE_HOME:-$HOME/.cache}, and $u the number of the account. The first is the account's own
// cache (XDG Base Directory Specification). The others are for accounts whose home is missing, read-only, full or mounted
// noexec.
var places = [...]struct{ dir, use string }{
	{`$c/sloth-runner`, "the account's own cache ($c is $XDG_CACHE_HOME, or else $HOME/.cache); the usual place"},
	{`/var/tmp/sloth-runner-$u`, "where the home is missing, full, read-only, or mounted noexec"},
	{`/tmp/sloth-runner-$u`, "where /var/tmp is of no use either"},
	{`/dev/shm/sloth-runner-$u`, "memory, on Linux: where no disk can be written to or executed from"},
	{`/run/user/$u/sloth-runner`, "memory of the account's own, with systemd"},
}

// Places are the directories of places.
var Places = directories()

func directories() (dirs [len(places)]string) {
	for i, place := range places {
		dirs[i] = place.dir
	}
	return dirs
}
