package registry

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sloth-runner/tools/testneeds"
)

// openssl is how another TLS sees a master: with these arguments of `openssl s_client`, and nothing to say.
func openssl(t *testing.T, m *testMaster, arguments ...string) string {
	t.Helper()
	program := testneeds.Program(t, "openssl", "openssl")
	arguments = append([]string{"s_client", "-connect", m.Address(), "-CAfile", filepath.Join(m.dir, ownAuthorityDir, "authority.pem")}, arguments...)
	// Without input it leaves after the handshake, and fails where that does, which is what is to be seen.
	text, _ := exec.CommandContext(t.Context(), program, arguments...).CombinedOutput()
	return string(text)
}

// A master speaks TLS 1.3 and nothing older, as a client sees that is not ours.
func TestTLSAsOpenSSLSeesIt(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	if text := openssl(t, m, "-tls1_2"); !strings.Contains(text, "alert protocol version") {
		t.Errorf("TLS 1.2 was not refused:\n%s", text)
	}
	// Its versions put spaces around = or don't.
	text := strings.ReplaceAll(openssl(t, m, "-tls1_3", "-alpn", "h2"), " = ", "=")
	for _, want := range []string{"TLSv1.3", "Verify return code: 0 (ok)", "ALPN protocol: h2", "CN=sloth-runner authority", "OU=master, CN=m1"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
