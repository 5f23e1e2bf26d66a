package edit

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestINI(t *testing.T) {
	t.Parallel()
	ini := func(section, key, value string) INI { return INI{Section: section, Key: key, Value: text(value)} }
	absent := func(section, key string) INI { return INI{Section: section, Key: key, Absent: true} }
	check(t, []expectation{
		{"an empty text", ini("a", "k", "v"), "", "[a]\nk = v\n"},
		{"an empty text, no section", ini("", "k", "v"), "", "k = v\n"},
		{"another value", ini("a", "k", "2"), "[b]\nk=0\n[a]\n# k is\nk=1\nz=3\n", "[b]\nk=0\n[a]\n# k is\nk=2\nz=3\n"},
		{"spaces stay", ini("a", "k", "2"), "[ a ] ; x\n  k   =  1  \n", "[ a ] ; x\n  k   =  2\n"},
		{"a colon", ini("a", "k", "2"), "[a]\nk: 1\n", "[a]\nk: 2\n"},
		{"quotes stay", ini("a", "k", "2 3"), "[a]\nk = \"1\"\n", "[a]\nk = \"2 3\"\n"},
		{"the same in quotes", ini("a", "k", "1"), "[a]\nk = '1'\n", "[a]\nk = '1'\n"},
		{"quotes of the author", ini("a", "k", "'2'"), "[a]\nk = \"1\"\n", "[a]\nk = '2'\n"},
		{"CRLF", ini("a", "n", "2"), "[a]\r\nk=1\r\n\r\n[b]", "[a]\r\nk=1\r\nn=2\r\n\r\n[b]"},
		{"a new key", ini("a", "n", "2"), "x=0\n[a]\n\tk = 1\n\n# of b\n[b]\nk=3\n", "x=0\n[a]\n\tk = 1\n\tn = 2\n\n# of b\n[b]\nk=3\n"},
		{"a new key of an empty section", ini("a", "n", "2"), "[b]\nk=3\n[a]\n", "[b]\nk=3\n[a]\nn=2\n"},
		{"a new section", ini("c", "n", "2"), "[b]\nk=3", "[b]\nk=3\n\n[c]\nn=2\n"},
		{"a new section, after an empty line", ini("c", "n", "2"), "[b]\nk=3\n\n", "[b]\nk=3\n\n[c]\nn=2\n"},
		{"a section that is there twice", ini("a", "n", "2"), "[a]\nx=1\n[b]\n[a]\ny=1\n", "[a]\nx=1\n[b]\n[a]\ny=1\nn=2\n"},
		{"before the first section", ini("", "n", "2"), "k=1\n\n[a]\nn=3\n", "k=1\nn=2\n\n[a]\nn=3\n"},
		{"before the first section, which has a comment", ini("", "n", "2"), "# file\n\n# of a\n[a]\nx = 1\n", "# file\n\nn = 2\n\n# of a\n[a]\nx = 1\n"},
		{"a key that was commented out", ini("a", "k", "2"), "[a]\n#k=1\nx=1\n", "[a]\n#k=1\nx=1\nk=2\n"},
		{"a key that begins as another", ini("a", "log", "2"), "[a]\nlog file = 1\nlogs = 1\n", "[a]\nlog file = 1\nlogs = 1\nlog = 2\n"},
		{"a key with spaces", ini("a", "log file", "2"), "[a]\nlog file = 1\n", "[a]\nlog file = 2\n"},
		{"a key without a value", ini("a", "k", "2"), "[a]\nx=1\nk\n", "[a]\nx=1\nk=2\n"},
		{"a key with no value yet", ini("a", "k", "2"), "[a]\nk =\n", "[a]\nk = 2\n"},
		{"an empty value", ini("a", "k", ""), "[a]\nk = 1\n", "[a]\nk =\n"},
		{"a section in quotes", ini(`remote "a]b"`, "url", "x"), "[remote \"a]b\"]\n\turl = y\n", "[remote \"a]b\"]\n\turl = x\n"},
		{"what may be a comment is of the value", ini("a", "k", "2"), "[a]\nk = 1 ; one\n", "[a]\nk = 2\n"},
		{"a byte order mark", ini("a", "k", "2"), "\ufeff[a]\nk=1\n", "\ufeff[a]\nk=2\n"},
		{"bytes", ini("a", "k", "2"), "[a]\nx=\xff\xfe\nk=1\n", "[a]\nx=\xff\xfe\nk=2\n"},
		{"a key that is there twice", ini("a", "k", "2"), "[a]\nk=1\nx=1\nk=2\n",
			"error: the key 'k' stands in the lines 2 and 4 of [a], so that it is not known which one counts; remove one by hand, or all with absent = true"},
		{"twice, with the value", ini("a", "k", "2"), "[a]\nk=2\nk=2\n", "[a]\nk=2\nk=2\n"},
		{"a value of two lines", ini("a", "k", "2"), "[a]\nk = 1,\n    2\nx = 1\n", "error: the value of 'k' in line 2 goes on to line 3; change it with file.replace or file.edit"},
		{"a value that goes on", ini("a", "k", "2"), "[a]\nk = 1 \\\n2\n", "error: the value of 'k' in line 2 goes on to line 3; change it with file.replace or file.edit"},
		{"absent", absent("a", "k"), "[a]\n# c\nk=1\nx=1\nk=2", "[a]\n# c\nx=1\n"},
		{"absent already", absent("a", "k"), "[b]\nk=1", "[b]\nk=1"},
		{"a section that is absent", absent("a", ""), "x\n# of a\n[a]\nk=1\n\n# of b\n[b]\n[a]\ny=1", "x\n# of a\n# of b\n[b]\n"},
		{"no key", INI{Section: "a"}, "", "error: the option key is missing"},
		{"no value", INI{Section: "a", Key: "k"}, "", "error: the option value is missing; absent = true removes a key"},
		{"absent without a word", INI{Absent: true}, "", "error: what is to be absent? Give section, key or both"},
		{"a wrong section", ini("a]", "k", "v"), "", "error: the section 'a]' can't stand between [ and ]"},
		{"a wrong key", ini("a", "k=", "v"), "", "error: the key 'k=' can't be read again: it has a = or spaces around it, or begins as a comment or section does"},
		{"a value of lines", ini("a", "k", "v\nw"), "", `error: the value 'v\nw' has more than one line`},
		{"a value with spaces", ini("a", "k", " v"), "", "error: the value ' v' begins or ends with a space, which is not part of a value; put it into quotes"},
	})
	check(t, []expectation{{"too often", absent("", "k"), strings.Repeat("k\n", maxEntries+1), "error: the key stands more than 1000 times before the first section"}})
}

func TestINIProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		i := INI{
			Section: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "section"), Key: rapid.SampledFrom([]string{"k", "k2", "kk", ""}).Draw(t, "key"),
			Value: text(rapid.SampledFrom([]string{"", "1", "x y", "'q'", `"`, "\xff"}).Draw(t, "value")), Absent: rapid.Bool().Draw(t, "absent"),
		}
		iniHolds(t, i, texts("[a]", "[b]", "k=1", " k = '2'", "k2: 3", "kk", "# c", "k = 1\\", "  more", "").Draw(t, "text"))
	})
}

// iniHolds: all other lines stay.
func iniHolds(t interface {
	Fatalf(string, ...any)
	Helper()
}, i INI, text string) {
	after, ok := settled(t, i, text)
	if !ok {
		return
	}
	if i.Key != "" {
		stays(t, i, text, after, func(line string) bool {
			_, is := entryOf(span{end: len(line)}, line, i.Key)
			return is
		})
		return
	}
	for s := range spans(after) {
		if name, is := sectionName(s.of(after)); is && name == i.Section {
			t.Fatalf("%+v of %q: %q", i, text, after)
		}
	}
}

func FuzzINI(f *testing.F) {
	f.Add("[a]\nk = 1\n", "a", "k", "2", false)
	f.Add("k\r\n\r\n# x\r\n[b", "", "k", "", false)
	f.Add("[a]\nk=\"1\"\\\n  2\n[a]\n", "a", "", "", true)
	f.Fuzz(func(t *testing.T, before, section, key, value string, absent bool) {
		iniHolds(t, INI{Section: section, Key: key, Value: text(value), Absent: absent}, before)
	})
}
