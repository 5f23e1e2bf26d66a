//go:build !linux

package payload

import (
	"os"
	"time"
)

// identify can't tell here: files are read anew in each run.
func identify(os.FileInfo) (identity string, changed time.Time, ok bool) {
	return "", time.Time{}, false
}
