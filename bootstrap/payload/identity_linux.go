package payload

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

// identify says which file this is, in which state: no write leaves the time of the last change as it was, and no
// program can set it.
func identify(info os.FileInfo) (identity string, changed time.Time, ok bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", time.Time{}, false
	}
	changed = time.Unix(int64(stat.Ctim.Sec), int64(stat.Ctim.Nsec)) //nolint:unconvert // int32 on some platforms
	return fmt.Sprintf("%d:%d:%d:%d", stat.Dev, stat.Ino, stat.Size, changed.UnixNano()), changed, true
}
