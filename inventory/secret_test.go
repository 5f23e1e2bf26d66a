package inventory

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sloth-runner/internal/secret"
)

func TestSecretIsNeverPrinted(t *testing.T) {
	const password = "hunter2"
	hidden := secret.New(password)
	target := Target{Name: "web-1", Password: hidden, Become: &Become{Password: hidden}}
	encoded, err := json.Marshal(target)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{string(encoded)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		texts = append(texts, fmt.Sprintf(verb, target), fmt.Sprintf(verb, *target.Become), fmt.Sprintf(verb, target.Password))
	}
	for _, text := range texts {
		if strings.Contains(text, password) || strings.Contains(text, fmt.Sprintf("%x", password)) {
			t.Errorf("printed: %s", text)
		}
	}
}
