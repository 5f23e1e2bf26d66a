package inventory

import (
	"fmt"
	"os"
	"testing"
)

// inventoryOf reads texts as the files hosts.ini, hosts1.ini and so on, in a new working directory.
func inventoryOf(t testing.TB, texts ...string) *Inventory {
	t.Helper()
	var names []string
	if len(texts) > 0 {
		t.Chdir(t.TempDir())
	}
	for i, text := range texts {
		name := "hosts.ini"
		if len(texts) > 1 {
			name = fmt.Sprintf("hosts%d.ini", i+1)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	inv, err := Read(t.Context(), names)
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

func messageOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
