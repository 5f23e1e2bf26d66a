package inventory

import (
	"testing"

	"sloth-runner/inventory/model"
)

// Masters are asked for their agents once, and only if a word could be the name of one.
func TestAgentsAreAskedForWhenNeeded(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]int{
		"localhost": 0, "local": 0, "deploy@10.0.0.1": 0, "ssh://deploy@10.0.0.1:2222": 0, "10.0.0.1:50051": 0,
		"localhost,10.0.0.1:50051": 0,
		"web-1":                    1, "web-*": 1, "tag:role=web": 1, "all": 1, "web-1,web-*": 1,
	} {
		asked := 0
		inv := inventoryOf(t)
		_, err := inv.Resolve(t.Context(), []string{words}, Defaults{
			AskAgents: func() []model.Agent {
				asked++
				return []model.Agent{{Name: "web-1", Address: "10.0.0.9:50051", Tags: map[string]string{"role": "web"}}}
			},
		})
		if err != nil {
			t.Errorf("%s: %v", words, err)
		}
		if asked != want {
			t.Errorf("%s: agents were asked for %d times, want %d", words, asked, want)
		}
	}
}
