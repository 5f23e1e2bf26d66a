package pattern

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func never() error { return nil }

func TestNext(t *testing.T) {
	for _, test := range []struct {
		subject, pattern string
		want             string
		captures         []string
	}{
		{"hello world", "o w", "o w", nil},
		{"hello", "l+", "ll", nil},
		{"hello", "l-", "", nil},
		{"hello", "^h.-o$", "hello", nil},
		{"hello", "^e", "-", nil},
		{"a.b", "%.", ".", nil},
		{"key = value", "^(%w+)%s*=%s*(%w+)$", "key = value", []string{"key", "value"}},
		{"THE (quick) fox", "%((%a+)%)", "(quick)", []string{"quick"}},
		{"f(a(b)c)d", "%b()", "(a(b)c)", nil},
		{"THE (quick) fox", "%f[%a]%a+%f[%A]", "THE", nil},
		{"  x", "()x", "x", []string{"@3"}},
		{`he said "hi"`, `(["'])(.-)%1`, `"hi"`, []string{`"`, "hi"}},
		{"a]b", "[]]", "]", nil},
		{"a-b", "[a%-]+", "a-", nil},
		{"a-b", "[-a]+", "a-", nil},
		{"x^y", "[x^]+", "x^", nil},
		{"f00d!", "%x+", "f00d", nil},
		{"été", "%a+", "t", nil},
		{"active\n", "active", "active", nil},
		{"a$b", "a$b", "a$b", nil},
		{"aaa", "a?a?a?aaa", "aaa", nil},
		{"\x00x", "%z", "\x00", nil},
		{"", "", "", nil},
		{"", "x*", "", nil},
		{"abc", "b()", "b", []string{"@3"}},
		{"abc", "((a)(b))", "ab", []string{"ab", "a", "b"}},
		{"42%", "(%d+)%%", "42%", []string{"42"}},
		{"[x]", "[[x]+", "[x", nil},
		{"0-9", "[%d-]+", "0-9", nil},
		{"A_b", "%u%p%l", "A_b", nil},
	} {
		m := New(test.subject, test.pattern, true, never)
		start, end, ok, err := m.Next(0)
		if err != nil {
			t.Errorf("%q in %q: %v", test.pattern, test.subject, err)
			continue
		}
		got := "-"
		if ok {
			got = test.subject[start:end]
		}
		if got != test.want {
			t.Errorf("%q in %q: match %q, want %q", test.pattern, test.subject, got, test.want)
		}
		if captures := captured(t, m, test.subject); ok && !reflect.DeepEqual(captures, test.captures) {
			t.Errorf("%q in %q: captures %q, want %q", test.pattern, test.subject, captures, test.captures)
		}
	}
}

func captured(t *testing.T, m *Matcher, subject string) []string {
	t.Helper()
	captures, err := m.Captures()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, c := range captures {
		if c.Position {
			texts = append(texts, "@"+string(rune('1'+c.Start)))
			continue
		}
		texts = append(texts, subject[c.Start:c.End])
	}
	return texts
}

// A place is no text that could come again.
func TestBackReferenceToPosition(t *testing.T) {
	if _, _, ok, err := New("aa", "()a%1", true, never).Next(0); ok || err != nil {
		t.Errorf("match %v, error %v", ok, err)
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct {
		subject, pattern string
		want             error
	}{
		{"a", "%", ErrEndsInPercent},
		{"a", "[a", ErrMissingBracket},
		{"a", "[%", ErrMissingBracket},
		{"a", "[]", ErrMissingBracket},
		{"a", "[^]", ErrMissingBracket},
		{"a", "%b", ErrBalance},
		{"a", "%bx", ErrBalance},
		{"a", "%fa", ErrFrontier},
		{"a", "%f", ErrFrontier},
		{"a", "a)", ErrInvalidClosing},
		{"a", "%1", ErrInvalidCapture},
		{"a", "%0", ErrInvalidCapture},
		{"a", "(%1)", ErrInvalidCapture},
		{"a", strings.Repeat("()", 33), ErrTooManyCaptures},
		{strings.Repeat("a", 999), strings.Repeat("a?", 999), ErrTooComplex},
	} {
		if _, _, _, err := New(test.subject, test.pattern, true, never).Next(0); !errors.Is(err, test.want) {
			t.Errorf("%.20q: error %v, want %v", test.pattern, err, test.want)
		}
	}
	m := New("a", "(a", true, never)
	if _, _, ok, err := m.Next(0); !ok || err != nil {
		t.Fatalf("unclosed capture: match %v, error %v", ok, err)
	}
	if _, err := m.Captures(); !errors.Is(err, ErrUnfinished) {
		t.Errorf("unclosed capture: error %v", err)
	}
}

func TestCheckEndsExponentialMatch(t *testing.T) {
	enough := errors.New("enough")
	calls := 0
	subject := strings.Repeat("a", 100)
	m := New(subject, strings.Repeat("a*", 30)+"b", true, func() error {
		if calls++; calls == 10 {
			return enough
		}
		return nil
	})
	if _, _, _, err := m.Next(0); !errors.Is(err, enough) {
		t.Errorf("error %v, want that of the check", err)
	}
	if calls != 10 {
		t.Errorf("%d checks, want it to end at once", calls)
	}
}

func TestLongSubject(t *testing.T) {
	subject := strings.Repeat("x", 8<<20) + "y"
	_, end, ok, err := New(subject, ".*y", true, never).Next(0)
	if err != nil || !ok || end != len(subject) {
		t.Errorf("end %d, match %v, error %v", end, ok, err)
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("hello world", "(h.-)%s*(%w+)")
	f.Add("f(a(b)c)d", "%b()%f[%a]")
	f.Add("x=1, y=2", "(%w+)=(%w+)[^%]-a]*%1?")
	f.Add("", "[]-[^%")
	f.Fuzz(func(t *testing.T, subject, pattern string) {
		enough := errors.New("enough")
		checks := 0
		m := New(subject, pattern, true, func() error {
			if checks++; checks > 100 {
				return enough
			}
			return nil
		})
		start, end, ok, err := m.Next(0)
		if err != nil || !ok {
			return
		}
		if start < 0 || end < start || end > len(subject) {
			t.Fatalf("match from %d to %d of %d bytes", start, end, len(subject))
		}
		captures, _ := m.Captures()
		for _, c := range captures {
			if c.Start < 0 || c.End < c.Start || c.End > len(subject) {
				t.Fatalf("capture from %d to %d of %d bytes", c.Start, c.End, len(subject))
			}
		}
	})
}
