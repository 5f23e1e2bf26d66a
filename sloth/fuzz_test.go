package sloth

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sloth-runner/sloth/lua/vm"
)

// FuzzLoad finds sources that crash, hang, or have operator and host disagree.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"testdata/load/*.txt", "testdata/run/*.txt"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			f.Fatalf("no seeds in %s: %v", pattern, err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			source, _, _ := strings.Cut(string(data), separator)
			f.Add(source)
		}
	}
	for _, attack := range attacks {
		if len(attack.source) < 200 {
			f.Add(attack.source)
		}
	}
	f.Fuzz(func(t *testing.T, source string) {
		start := time.Now()
		bounds := vm.Limits{Time: 100 * time.Millisecond, Memory: 128 << 20, TooLong: errTestTime, TooMuch: errTestMemory}
		machine, err := open(t.Context(), "fuzz.sloth", []byte(source), nil, bounds)
		if took := time.Since(start); took > 5*time.Minute {
			t.Fatalf("took %s", took)
		}
		if err != nil {
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("not Problems: %v", err)
			}
			if strings.Contains(err.Error(), "runtime error") || strings.Contains(err.Error(), "0x") && !strings.Contains(source, "x") {
				t.Fatalf("reads like Go: %v", err)
			}
			return
		}
		defer machine.Close()
		for _, group := range machine.Plan().Groups {
			if nameProblem(group.Name) != "" || len(group.Tasks) == 0 {
				t.Fatalf("group %q with %d tasks", group.Name, len(group.Tasks))
			}
		}
	})
}

// FuzzStrings gives the string library odd arguments: it must answer, or fail as a Lua library does.
func FuzzStrings(f *testing.F) {
	f.Add("%5.2f %q %s %x", "hello world", "(%w+)", "<%1>")
	f.Add("%-10d|%+i|%05d", "a,b,,c", ",", "%%")
	f.Add("%", "", "", "")
	f.Add("%999.99s", "x", "[^%]-a]*%b()", "%9")
	host := new(testHost)
	machine, err := Open(f.Context(), "fuzz.sloth", []byte(task(`
		local template, text, pattern, replacement = exec.run("1").stdout, exec.run("2").stdout, exec.run("3").stdout, exec.run("4").stdout
		local function try(...)
			local ok, why = pcall(...)
			assert(ok or not tostring(why):find("internal", 1, true), why)
		end
		for _, value in ipairs({ 42, -1.5, text, 1 / 0, 2 ^ 60 }) do
			try(string.format, template, value, value, value)
		end
		try(string.find, text, pattern)
		try(string.find, text, pattern, -3)
		try(string.match, text, pattern, 2)
		try(string.gsub, text, pattern, replacement)
		try(string.gsub, text, pattern, function(a, b) return b end)
		try(string.gsub, text, pattern, {}, 3)
		try(function() for a, b in text:gmatch(pattern) do end end)
		try(loadstring, text)
		assert(text:find(text, 1, true))
		assert(text:upper():len() == #text and text:reverse():reverse() == text)
		local quoted = loadstring("return " .. ("%q"):format(text))
		assert(quoted and quoted() == text, "quote")
		return true`)), host)
	if err != nil {
		f.Fatal(err)
	}
	defer machine.Close()
	f.Fuzz(func(t *testing.T, template, text, pattern, replacement string) {
		host.answer = func(command string) (ExecResult, error) {
			return ExecResult{Stdout: []byte([]string{template, text, pattern, replacement}[command[0]-'1'])}, nil
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if result := machine.Run(ctx, "g", "t"); !result.OK && result.Err == nil {
			t.Fatalf("%+v", result)
		}
		host.taken()
	})
}
