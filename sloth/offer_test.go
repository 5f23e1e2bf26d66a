package sloth

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/plan"
)

// What a file offers is in its plan, with the line; what leaves its directory is a mistake of the file.
func TestOffer(t *testing.T) {
	t.Parallel()
	const tasks = "\nTaskDefinitions = { g = { tasks = { { name = 't', command = 'true' } } } }"
	loaded, err := Load(t.Context(), "deploy.sloth", []byte("offer{ 'dist', './certs/*.pem' }\noffer { 'www/' }"+tasks))
	want := []plan.Offer{{Pattern: "dist", Line: 1}, {Pattern: "certs/*.pem", Line: 1}, {Pattern: "www", Line: 2}}
	if err != nil || !cmp.Equal(want, loaded.Offers) {
		t.Error(err, cmp.Diff(want, loaded.Offers))
	}
	for call, want := range map[string]string{
		`offer{ "../x" }`:                          "offer: '../x' leaves the directory of the file: only what is below it can be offered",
		`offer{ "a/../../x" }`:                     "offer: 'a/../../x' leaves the directory of the file: only what is below it can be offered",
		`offer{ "/etc/passwd" }`:                   "offer: '/etc/passwd' must be relative: what is offered is below the directory of the file",
		`offer{ "~/x" }`:                           "offer: '~/x' must be relative: what is offered is below the directory of the file",
		`offer{ "." }`:                             "offer: '.' is the directory of the file itself: name what of it is offered",
		`offer{ "" }`:                              "offer: '' is empty",
		`offer{ dist = true }`:                     `offer takes a list of paths, as in offer{ "dist", "certs/*.pem" }, and this one has true`,
		`offer "dist"`:                             `offer takes a list of paths, as in offer{ "dist", "certs/*.pem" }`,
		`for i = 1, 2000 do offer{ "x" .. i } end`: "offer: more than 1000 paths",
	} {
		_, err := Load(t.Context(), "deploy.sloth", []byte("\n"+call+tasks))
		if err == nil || err.Error() != "deploy.sloth:2: "+want {
			t.Errorf("%s: %v, want %s", call, err, want)
		}
	}
	if _, err := Load(t.Context(), "f", fmt.Appendf(nil, "offr{ 'x' }%s", tasks)); err == nil {
		t.Error("a mistyped offer is taken")
	}
}
