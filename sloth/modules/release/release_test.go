package release

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/fakehost"
)

func called(t *testing.T, host module.Host, function, dir string, options module.Table) (module.Table, []module.Change, error) {
	t.Helper()
	outcome, err := fakehost.Call(t.Context(), Module(), function, host, dir, options)
	got := module.Table{}
	for _, field := range outcome.Result.Fields {
		got[field.Name] = field.Value
	}
	return got, outcome.Changes, err
}

func must(t *testing.T, function, dir string, options module.Table) module.Table {
	t.Helper()
	got, _, err := called(t, new(fakehost.Host), function, dir, options)
	if err != nil {
		t.Fatalf("%s(%v): %v", function, options, err)
	}
	return got
}

// fills puts a file with the name of the version into its directory.
func fills(path ...any) ([]any, error) {
	dir := path[0].(string)
	return nil, os.WriteFile(filepath.Join(dir, "version"), []byte(filepath.Base(dir)), 0o600)
}

func staged(name string) module.Table {
	return module.Table{"name": name, "fill": module.Callback(fills)}
}

// deployed makes versions, and has each be used after the other.
func deployed(t *testing.T, names ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "app")
	for _, name := range names {
		must(t, "stage", dir, staged(name))
		must(t, "activate", dir, module.Table{"name": name})
	}
	return dir
}

// uses fails where another version is used than the one that is wanted.
func uses(t *testing.T, dir, want string) {
	t.Helper()
	if got, err := os.ReadFile(filepath.Join(dir, "current/version")); err != nil || string(got) != want {
		t.Errorf("used is %q, %v; want %s", got, err, want)
	}
}

func versions(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "releases"))
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("there are the versions %q, %v; want %q", got, err, want)
	}
}

// Each call says what it changed, and a second one changes nothing.
func TestDeployment(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "app")
	for i, step := range []struct {
		function string
		options  module.Table
		changes  []string
		result   module.Table
	}{
		{"stage", staged("1"), []string{"app: absent, directory", "app/releases: absent, directory", "app/releases/1: absent, staged"},
			module.Table{"changed": true, "name": "1", "path": dir + "/releases/1"}},
		{"activate", module.Table{"name": "1"}, []string{"app/current: absent, link to releases/1"}, module.Table{"changed": true, "name": "1"}},
		{"stage", staged("2"), []string{"app/releases/2: absent, staged"}, module.Table{"changed": true, "name": "2", "path": dir + "/releases/2"}},
		{"activate", module.Table{"name": "2"}, []string{"app/current: link to releases/1, link to releases/2"}, module.Table{"changed": true, "name": "2", "previous": "1"}},
		{"prune", module.Table{"keep": 1.0}, nil, module.Table{"changed": false, "removed": module.List{}}},
		{"rollback", module.Table{"from": "2"}, []string{"app/current: link to releases/2, link to releases/1"}, module.Table{"changed": true, "name": "1"}},
		{"stage", staged("3"), []string{"app/releases/3: absent, staged"}, module.Table{"changed": true, "name": "3", "path": dir + "/releases/3"}},
		{"activate", module.Table{"name": "3"}, []string{"app/current: link to releases/1, link to releases/3"}, module.Table{"changed": true, "name": "3", "previous": "1"}},
		{"prune", module.Table{"keep": 1.0}, []string{"app/releases/2: staged, absent"}, module.Table{"changed": true, "removed": module.List{"2"}}},
	} {
		got, changes, err := called(t, new(fakehost.Host), step.function, dir, step.options)
		var said []string
		for _, c := range changes {
			said = append(said, strings.TrimPrefix(c.What, filepath.Dir(dir)+"/")+": "+c.Before+", "+c.After)
		}
		if err != nil || !slices.Equal(said, step.changes) || !equal(got, step.result) {
			t.Errorf("%d: %s: %v, %q, %v; want %v, %q", i, step.function, got, said, err, step.result, step.changes)
		}
		host := new(fakehost.Host)
		if again, changes, err := called(t, host, step.function, dir, step.options); err != nil || changes != nil || again["changed"] != false || host.Calls() != nil {
			t.Errorf("%d: %s, again: %v, %v, %v, %q", i, step.function, again, changes, err, host.Calls())
		}
	}
	uses(t, dir, "3")
	versions(t, dir, "1", "3")
}

func equal(a, b module.Table) bool {
	if len(a) != len(b) {
		return false
	}
	for name, value := range a {
		list, isList := value.(module.List)
		if other, ok := b[name].(module.List); isList && ok && slices.Equal(list, other) {
			continue
		}
		if isList || b[name] != value {
			return false
		}
	}
	return true
}

// Each rollback goes one further back, also over a version that was used twice, and ends where nothing is known.
func TestRollbackGoesBack(t *testing.T) {
	t.Parallel()
	dir := deployed(t, "1", "2", "3", "2")
	for _, want := range []string{"3", "2", "1"} {
		if got := must(t, "rollback", dir, nil); got["name"] != want || got["changed"] != true {
			t.Errorf("%v, want %s", got, want)
		}
		uses(t, dir, want)
	}
	_, changes, err := called(t, new(fakehost.Host), "rollback", dir, nil)
	if err == nil || !strings.Contains(err.Error(), "no version is recorded that was used before '1'") || changes != nil {
		t.Errorf("%v, %v", err, changes)
	}
	uses(t, dir, "1")
}

// A link that something else made is no version before, and what was before it is not guessed.
func TestLinkOfSomethingElse(t *testing.T) {
	t.Parallel()
	dir := deployed(t, "1", "2")
	must(t, "stage", dir, staged("3"))
	current := filepath.Join(dir, "current")
	relink := func(target string) {
		t.Helper()
		if err := errors.Join(os.Remove(current), os.Symlink(target, current)); err != nil {
			t.Fatal(err)
		}
	}
	relink(dir + "/releases/3/")
	if _, _, err := called(t, new(fakehost.Host), "rollback", dir, nil); err == nil || !strings.Contains(err.Error(), "no version is recorded that was used before '3'") {
		t.Error(err)
	}
	if got := must(t, "activate", dir, module.Table{"name": "1"}); got["previous"] != "3" {
		t.Error(got)
	}
	relink("/")
	if _, _, err := called(t, new(fakehost.Host), "activate", dir, module.Table{"name": "1"}); err == nil || !strings.Contains(err.Error(), "leads to '/', which is no version") {
		t.Error(err)
	}
}

func TestStageFails(t *testing.T) {
	t.Parallel()
	dir := deployed(t, "1")
	no := errors.New("no")
	for want, fill := range map[string]module.Callback{
		"no":                                  func(path ...any) ([]any, error) { return nil, errors.Join(no, os.Mkdir(path[0].(string)+"/d", 0o700)) },
		"the function fill failed for '2': x": func(...any) ([]any, error) { return []any{false, "x"}, nil },
	} {
		_, changes, err := called(t, new(fakehost.Host), "stage", dir, module.Table{"name": "2", "fill": fill})
		if err == nil || !strings.Contains(err.Error(), want) || changes != nil || want == "no" && !errors.Is(err, no) {
			t.Errorf("%v, %v; want %s", err, changes, want)
		}
		versions(t, dir, "1")
	}
	if err := os.Mkdir(filepath.Join(dir, "releases/own"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, _, err := called(t, new(fakehost.Host), "stage", dir, staged("own")); err == nil || !strings.Contains(err.Error(), "was not made by release.stage") {
		t.Error(err)
	}
	must(t, "prune", dir, module.Table{"keep": 1.0})
	versions(t, dir, "1", "own")
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	dir := deployed(t, "1")
	other := filepath.Join(t.TempDir(), "other")
	if err := errors.Join(os.MkdirAll(filepath.Join(other, "current"), 0o700), os.WriteFile(filepath.Join(other, "f"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	broken := deployed(t, "1")
	if err := os.WriteFile(filepath.Join(broken, ".releases.json"), []byte(`{"staged":["../.."]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	with := func(name string, value any) module.Table {
		options := staged("2")
		options[name] = value
		return options
	}
	for _, c := range []struct {
		function, dir string
		options       module.Table
		want          string
	}{
		{"stage", "app", staged("1"), "release.stage: the dir 'app' must be an absolute path"},
		{"stage", dir, staged("../x"), "release.stage: the name '../x' must have letters"},
		{"stage", dir, staged(".x"), "the name '.x' must have letters"},
		{"stage", dir, with("shared_dirs", "../x"), "the shared path '../x' must be one below a version"},
		{"stage", dir, with("shared_files", "/etc/x"), "the shared path '/etc/x' must be one below a version"},
		{"stage", dir, with("shared_files", "x"), "the shared file '" + dir + "/shared/x' is not there"},
		{"activate", dir, module.Table{"name": "7"}, "there is no version '7'; make it with release.stage"},
		{"activate", other, module.Table{"name": "7"}, "no link to a version; move it away"},
		{"rollback", filepath.Join(dir, "none"), nil, "no version is used"},
		{"prune", dir, module.Table{"keep": 0.0}, "release.prune: keep must be 1 or more"},
		{"prune", broken, nil, "the name '../..' must have letters"},
	} {
		host := new(fakehost.Host)
		_, changes, err := called(t, host, c.function, c.dir, c.options)
		if err == nil || !strings.Contains(err.Error(), c.want) || changes != nil || host.Calls() != nil {
			t.Errorf("%s(%v): %v, %v, %q; want %s", c.function, c.options, err, changes, host.Calls(), c.want)
		}
	}
}

func TestShared(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "app")
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "shared/config"), 0o700), os.WriteFile(filepath.Join(dir, "shared/config/key.yml"), []byte("key"), 0o600)); err != nil {
		t.Fatal(err)
	}
	outside := t.TempDir()
	options := module.Table{"name": "1", "shared_dirs": module.List{"log/"}, "shared_files": module.List{"config/key.yml"}, "fill": module.Callback(func(path ...any) ([]any, error) {
		return nil, errors.Join(os.MkdirAll(filepath.Join(path[0].(string), "log/old"), 0o700), os.Symlink(outside, filepath.Join(path[0].(string), "out")))
	})}
	must(t, "stage", dir, options)
	must(t, "activate", dir, module.Table{"name": "1"})
	if err := os.WriteFile(filepath.Join(dir, "current/log/x"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(filepath.Join(dir, "current/config/key.yml"))
	if log, logErr := os.ReadFile(filepath.Join(dir, "shared/log/x")); string(key) != "key" || string(log) != "x" || errors.Join(err, logErr) != nil {
		t.Errorf("%q, %q, %v, %v", key, log, err, logErr)
	}
	if again := must(t, "stage", dir, options); again["changed"] != false {
		t.Error(again)
	}
	// A link that is missing is made in a version that is there; a link of the version is not followed for it.
	options["shared_dirs"] = module.List{"log", "tmp"}
	if again := must(t, "stage", dir, options); again["changed"] != true {
		t.Error(again)
	}
	options["shared_dirs"] = module.List{"out/x"}
	if _, _, err := called(t, new(fakehost.Host), "stage", dir, options); err == nil || !strings.Contains(err.Error(), "/out' is there, and is no directory") {
		t.Error(err)
	}
	if entries, err := os.ReadDir(outside); err != nil || len(entries) != 0 {
		t.Error(entries, err)
	}
}

// A link in the place of the directory of versions leads to nothing that is removed.
func TestPruneFollowsNoLink(t *testing.T) {
	t.Parallel()
	dir, outside := deployed(t, "1", "2", "3"), t.TempDir()
	releases := filepath.Join(dir, "releases")
	if err := errors.Join(os.Rename(releases, releases+".old"), os.Symlink(outside, releases), os.MkdirAll(filepath.Join(outside, "1/keep"), 0o700)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := called(t, new(fakehost.Host), "prune", dir, module.Table{"keep": 1.0}); err == nil {
		t.Error("it pruned")
	}
	if _, err := os.Stat(filepath.Join(outside, "1/keep")); err != nil {
		t.Error(err)
	}
}
