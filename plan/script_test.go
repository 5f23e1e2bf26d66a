package plan

import (
	"strings"
	"testing"
)

func TestInterpreter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"echo hi":                       "/bin/sh",
		"":                              "/bin/sh",
		"# !/bin/bash\n":                "/bin/sh",
		"#!/bin/bash\necho":             "/bin/bash",
		"#!/bin/bash":                   "/bin/bash",
		"#! \t/bin/bash \t\n":           "/bin/bash",
		"#!/usr/bin/env python3\n":      "/usr/bin/env|python3",
		"#!/usr/bin/env\t-S a  b\tc \n": "/usr/bin/env|-S a  b\tc",
	} {
		script := &Script{Text: []byte(text)}
		if got := strings.Join(script.Interpreter(), "|"); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func FuzzInterpreter(f *testing.F) {
	for _, seed := range []string{"#!/bin/sh\n", "#! a\tb c\n", "#!", "#! \t", "\x7fELF"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		words := (&Script{Text: []byte(text)}).Interpreter()
		if len(words) < 1 || len(words) > 2 || strings.ContainsAny(words[0], " \t\n") {
			t.Errorf("%q: %q", text, words)
		}
		for _, word := range words {
			if word != "/bin/sh" && !strings.Contains(text, word) || strings.Trim(word, " \t") != word {
				t.Errorf("%q: %q", text, words)
			}
		}
	})
}

func TestScriptRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		script Script
		want   string
	}{
		{Script{Name: "a", Text: []byte("#!/bin/sh\r\necho\r\n")}, "its lines end as in DOS"},
		{Script{Name: "a", Text: []byte("echo\r\n")}, "its lines end as in DOS"},
		{Script{Name: "a", Text: []byte("\xef\xbb\xbf#!/bin/sh\n")}, "byte order mark"},
		{Script{Name: "a", Text: []byte("\x7fELF\x02\x01\x01\x00\n")}, "it is a program and not a script"},
		{Script{Name: "a", Text: []byte("#! \n")}, "names no interpreter"},
		{Script{Name: "a", Text: []byte(" \n")}, "it is empty"},
		{Script{Name: "a", Text: make([]byte, MaxScript+1)}, "it is larger than 1024 KiB"},
		{Script{Name: "../a", Text: []byte("echo")}, "it has no usable name"},
		{Script{Name: "..", Text: []byte("echo")}, "it has no usable name"},
		{Script{Name: "a", Text: []byte("echo"), Arguments: []string{"a\x00"}}, "an argument can't have a NUL byte"},
	} {
		if err := test.script.Check(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.20q: got %v, want %s", test.script.Text, err, test.want)
		}
	}
}
