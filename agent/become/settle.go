package become

import (
	"os"
	"os/user"
	"syscall"
)

// SettleIn gives this process, which is a child agent, the environment of a login: it changes to the account's home if
// possible, and removes what it inherited. language is the parent's own LANGUAGE.
func SettleIn(language string) {
	restoreLanguage(language)
	// It may have inherited a terminal, with the number that prompter gives it; see os/exec for ExtraFiles.
	syscall.CloseOnExec(3)
	if self, err := user.Current(); err == nil {
		// su does not change these for root.
		os.Setenv("USER", self.Username)
		os.Setenv("LOGNAME", self.Username)
	}
	home, err := os.UserHomeDir()
	if err != nil || os.Chdir(home) != nil {
		// The caller started it in /.
		return
	}
}
