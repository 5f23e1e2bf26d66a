package sloth

import (
	"strings"
	"testing"
)

const hostVars = `{"vars": {"color": "blue", "n": 22, "on": true, "none": null, "list": [1, {"__unread": "why not"}, "c"],
"app": {"port": 80, "key": {"__unread": "hosts.yml:3: it is a template"}}, "motd": {"__unread": "it is encrypted"}}}`

func TestHostVars(t *testing.T) {
	for _, c := range []struct{ code, vars, want string }{
		{`return host.name`, hostVars, "web-1"},
		{`return host.vars.color .. host.vars.n + 1 .. tostring(host.vars.on) .. tostring(host.vars.none)`, hostVars, "blue23truenil"},
		{`return host.vars.list[1] .. host.vars.list[3]`, hostVars, "1c"},
		{`return host.vars.list[2]`, hostVars, "host.vars.list[2] is not known here: why not"},
		{`return host.vars.app.port`, hostVars, "80"},
		{`return host.vars.app.key`, hostVars, "host.vars.app.key is not known here: hosts.yml:3: it is a template"},
		{`return host.vars.motd`, hostVars, "host.vars.motd is not known here: it is encrypted"},
		{`return host.vars.missing`, hostVars, "nil"},
		{`return host.vars.missing`, ``, "nil"},
		{`return host.vars.missing`, `{"vars": {}, "sealed": ["group_vars/all.yml"]}`,
			"host.vars.missing is not known here: it may stand in group_vars/all.yml, which is encrypted with Ansible Vault"},
		{`local names = {} for name in pairs(host.vars) do names[#names + 1] = name end table.sort(names) return table.concat(names, " ")`,
			hostVars, "app color list n on"},
		{`host.name = "x"`, hostVars, "host can't be changed"},
		{`host.vars.color = "red" return host.vars.color`, hostVars, "red"},
		{`return tostring(host.other)`, hostVars, "nil"},
	} {
		source := "TaskDefinitions = {g = {tasks = {{name = 't', command = function()\nlocal function f() " + c.code +
			" end\nreturn true, tostring(f())\nend}}}}"
		machine, err := Open(t.Context(), "f.sloth", []byte(source), new(testHost))
		if err != nil {
			t.Fatal(err)
		}
		if err := machine.SetHost("web-1", []byte(c.vars)); err != nil {
			t.Fatal(err)
		}
		if got := machine.Run(t.Context(), "g", "t"); !strings.Contains(got.Message, c.want) {
			t.Errorf("%s: %q, want %q", c.code, got.Message, c.want)
		}
		machine.Close()
	}
}

// What a file defines must be the same everywhere, so that it may not look at the host while it is loaded.
func TestHostVarsWhileLoading(t *testing.T) {
	_, err := Load(t.Context(), "f.sloth", []byte("local name = host.name\nTaskDefinitions = {}"))
	if want := "host is for tasks: what a file defines must not depend on where it is loaded"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v", err)
	}
	// A file may have a host of its own.
	source := "host = 'web'\nTaskDefinitions = {[host] = {tasks = {{name = 't', command = 'true'}}}}"
	if _, err := Load(t.Context(), "f.sloth", []byte(source)); err != nil {
		t.Error(err)
	}
}

func TestHostVarsThatAreNoJSON(t *testing.T) {
	machine, err := Open(t.Context(), "f.sloth", []byte("TaskDefinitions = {g = {tasks = {{name = 't', command = 'true'}}}}"), new(testHost))
	if err != nil {
		t.Fatal(err)
	}
	defer machine.Close()
	if err := machine.SetHost("web-1", []byte(`{"vars": [1]}`)); err == nil {
		t.Error("taken")
	}
}
