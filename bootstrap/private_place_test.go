package bootstrap

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestPrivatePlace: in a directory where others may write, a place is used only if they can't put their own in its stead.
func TestPrivatePlace(t *testing.T) {
	listed := func(uid int) string {
		return fmt.Sprintf(`ls() { echo "drwx------ 2 %d 0 40 Nov 25 04:00 /x"; }; `, uid)
	}
	for _, c := range []struct {
		name, before string
		above, mode  os.FileMode
		used         bool
	}{
		{"ours, where nobody else writes", "", 0o755, 0o700, true},
		{"ours, as in /tmp", "", 0o777 | os.ModeSticky, 0o700, true},
		{"open to others", "", 0o755, 0o755, false},
		{"others can rename it", "", 0o777, 0o700, false},
		{"a group can rename it", "", 0o775, 0o700, false},
		// What ls sees is not what was there before.
		{"another's, put there meanwhile", listed(os.Getuid() + 1), 0o777 | os.ModeSticky, 0o700, false},
	} {
		above := filepath.Join(t.TempDir(), "above")
		place := filepath.Join(above, "place")
		for dir, mode := range map[string]os.FileMode{above: c.above, place: c.mode} {
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(dir, mode); err != nil {
				t.Fatal(err)
			}
		}
		err := exec.Command("sh", "-c", c.before+`c=/nonexistent; `+private+` ok "$1"`, "sh", place).Run()
		if (err == nil) != c.used {
			t.Errorf("%s: used %v, want %v", c.name, err == nil, c.used)
		}
	}
}
