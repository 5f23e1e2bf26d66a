package become

import (
	"os"
	"os/user"
	"syscall"
)

// SettleIn makes this process, which is an agent that another user's agent started, into one as that of a login would be: in its
// account's home, where that can be entered, and without what it inherited. language is the parent's own LANGUAGE.
func SettleIn(language string) {
	restoreLanguage(language)
	// The terminal that it may have been given, on the number that prompter gives it; see os/exec for ExtraFiles.
	syscall.CloseOnExec(3)
	if self, err := user.Current(); err == nil {
		// su leaves these as they were when it becomes root.
		os.Setenv("USER", self.Username)
		os.Setenv("LOGNAME", self.Username)
	}
	home, err := os.UserHomeDir()
	if err != nil || os.Chdir(home) != nil {
		// The caller started it in /.
		return
	}
}
