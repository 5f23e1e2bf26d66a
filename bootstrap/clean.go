package bootstrap

import (
	"context"
	"fmt"
	"strings"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
)

// Clean removes what bootstrap has ever left on a host: the agents of all builds, uploads that came to nothing, and
// the directories made for them. It returns what it removed.
func (c *Connector) Clean(ctx context.Context, target inventory.Target, report func(*proto.Event)) ([]string, error) {
	b, err := c.reach(ctx, target, report)
	if err != nil {
		return nil, err
	}
	said, err := b.askOnly(ctx, cleanScript)
	_ = b.close() // all that was wanted has come
	if err != nil {
		return said.Removed, b.fail(ctx, err)
	}
	if len(said.Bad) > 0 {
		var left []string
		for _, place := range said.Bad {
			left = append(left, place.Path+": "+strings.ReplaceAll(place.Reason, "-", " "))
		}
		err = b.fail(ctx, &fault.Error{
			Err:  fmt.Errorf("not all could be removed (%s)", strings.Join(left, "; ")),
			Hint: "look at what is there: it is not the work of this program, or other users can write to a directory above it",
		})
	}
	return said.Removed, err
}

// cleanScript removes agents, uploads, the cache of files and their directories, and tells each. What has another name, or lies in a
// directory that others can write to, is left alone. The directory above the first place goes too when
// nothing else is in it: the first agent may have made it.
func cleanScript(marker string) string {
	return wrap(`m=` + marker + `; ` + cacheHome + private + ` u=$(id -u);
	hex() { [ "${#1}" = "$2" ] && [ -z "$(echo "$1" | tr -d 0-9a-f)" ]; };
	mine() { x=${1##*/}; case $x in agent-*) hex "${x#agent-}" 64;; *) x=${x#upload-}; x=${x%.gz}; hex "${x%.probe}" 32;; esac; };
	for d in ` + quoted(Places[:]) + `; do
		if [ -d "$d" ]; then :; else continue; fi;
		if ok "$d"; then :; else echo "$m" bad not-private "$d"; continue; fi;
		for f in "$p"/agent-* "$p"/upload-*; do
			if [ -h "$f" ]; then continue; fi;
			if [ -f "$f" ] && mine "$f"; then if rm -f "$f"; then echo "$m" removed "$f"; else echo "$m" bad cannot-remove "$f"; fi; fi;
		done;
		if [ -h "$p/files" ]; then :; elif [ -d "$p/files" ]; then
			rm -f "$p"/files/file-* "$p"/files/part-* "$p"/files/lock;
			if rmdir "$p/files" 2>/dev/null; then echo "$m" removed "$p/files"; fi;
		fi;
		if rmdir "$d" 2>/dev/null; then echo "$m" removed "$d"; else echo "$m" bad not-empty "$d"; continue; fi;
		case $d in "$c"/*) if rmdir "$c" 2>/dev/null; then echo "$m" removed "$c"; fi;; esac;
	done;` + end)
}
