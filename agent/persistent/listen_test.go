package persistent

import (
	"strings"
	"testing"
)

func TestListenOnLoopbackOnly(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", "[::]:0", ":0", "10.0.0.1:0", "example.org:0", "127.0.0.1.example.org:0", "127.0.0.1", ""} {
		listener, err := Listen(t.Context(), address, false)
		if err == nil {
			listener.Close()
			t.Errorf("%q: it listens on %s", address, listener.Addr())
		} else if !strings.Contains(err.Error(), "loopback only") {
			t.Errorf("%q: %v", address, err)
		}
	}
	for _, address := range []string{"127.0.0.1:0", "localhost:0", "127.1.2.3:0"} {
		listener, err := Listen(t.Context(), address, false)
		if err != nil {
			t.Errorf("%q: %v", address, err)
			continue
		}
		listener.Close()
	}
}
