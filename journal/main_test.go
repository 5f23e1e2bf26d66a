package journal

import (
	"os"
	"os/exec"
	"testing"

	"go.uber.org/goleak"
)

// roleVariable makes the test binary a process of its own that writes records, to be killed or starved.
const roleVariable = "JOURNAL_TEST_ROLE"

var roles = map[string]func(dir string) error{
	"endless":     writeEndlessly,
	"full":        writeWithSmallFiles,
	"descriptors": writeWithFewDescriptors,
	"prune":       writeAndPrune,
}

func TestMain(m *testing.M) {
	if role := roles[os.Getenv(roleVariable)]; role != nil {
		if err := role(os.Args[1]); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// process is this test binary in a role, not started yet.
func process(t *testing.T, role, dir string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, dir)
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	return cmd
}
