package edit

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestBlock(t *testing.T) {
	t.Parallel()
	b := Block{ID: "web", Comment: "#", Text: text("one\ntwo")}
	with := func(change func(*Block)) Block {
		changed := b
		change(&changed)
		return changed
	}
	const whole = "# BEGIN sloth-runner: web\none\ntwo\n# END sloth-runner: web\n"
	check(t, []expectation{
		{"an empty text", b, "", whole},
		{"at the end, without a newline there", b, "a", "a\n" + whole},
		{"CRLF", b, "a\r\n", strings.ReplaceAll("a\n"+whole, "\n", "\r\n")},
		{"another text", b, "a\n# BEGIN sloth-runner: web\nold\n\n# END sloth-runner: web\nb", "a\n" + whole + "b"},
		{"another text, CRLF", b, "# BEGIN sloth-runner: web\r\n# END sloth-runner: web", "# BEGIN sloth-runner: web\r\none\r\ntwo\r\n# END sloth-runner: web"},
		{"empty", with(func(b *Block) { b.Text = text("") }), "a\n", "a\n# BEGIN sloth-runner: web\n# END sloth-runner: web\n"},
		{"after", with(func(b *Block) { b.After = expression("^a") }), "a\nb\n", "a\n" + whole + "b\n"},
		{"before", with(func(b *Block) { b.Before = expression("^b") }), "a\nb\n", "a\n" + whole + "b\n"},
		{"it stays where it is", with(func(b *Block) { b.Before = expression("^b") }), "a\nb\n" + whole, "a\nb\n" + whole},
		{"a comment of two ends", with(func(b *Block) { b.Comment = "<!-- %s -->" }), "", "<!-- BEGIN sloth-runner: web -->\none\ntwo\n<!-- END sloth-runner: web -->\n"},
		{"absent", with(func(b *Block) { b.Absent = true }), "a\n" + whole + "b", "a\nb"},
		{"absent already", Block{ID: "web", Comment: "#", Absent: true}, "a", "a"},
		{"another id", b, "# BEGIN sloth-runner: web2\n# END sloth-runner: web2\n", "# BEGIN sloth-runner: web2\n# END sloth-runner: web2\n" + whole},
		{"no end", b, "a\n# BEGIN sloth-runner: web\nx\n", "error: the block begins in line 2 and does not end: no line is '# END sloth-runner: web'; repair it by hand"},
		{"no beginning", b, "# END sloth-runner: web\n", "error: line 1 ends the block, which does not begin before it: '# END sloth-runner: web'; repair it by hand"},
		{"two ends", b, whole + "# END sloth-runner: web\n", "error: line 5 ends the block, which does not begin before it: '# END sloth-runner: web'; repair it by hand"},
		{"twice", b, whole + whole, "error: the block begins in line 1 and again in line 5; repair it by hand"},
		{"another comment", b, "; BEGIN sloth-runner: web\n; END sloth-runner: web\n",
			"error: line 1 is no whole marker of the block: '; BEGIN sloth-runner: web', where '# BEGIN sloth-runner: web' or '# END sloth-runner: web' was expected; repair it by hand"},
		{"a marker in the text", with(func(b *Block) { b.Text = text("x\n" + whole) }), "", "error: the text has a marker of the block in it"},
		{"no id", with(func(b *Block) { b.ID = "" }), "", "error: the id '' must have letters, digits and . _ / : @ + - only, at most 100"},
		{"no text", Block{ID: "a", Comment: "#"}, "", "error: the option text is missing; absent = true removes a block"},
		{"no comment", with(func(b *Block) { b.Comment = "" }), "", `error: comment is what begins a line that is a comment, such as "#", or all of it, such as "<!-- %s -->"`},
	})
}

func TestBlockProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := Block{
			ID: rapid.SampledFrom([]string{"a", "ab"}).Draw(t, "id"), Comment: rapid.SampledFrom([]string{"#", "//", "/* %s */", "%s"}).Draw(t, "comment"),
			Text: text(texts("x", "y", "# END sloth-runner: ab", "a").Draw(t, "block")), Absent: rapid.Bool().Draw(t, "absent"),
		}
		switch rapid.IntRange(0, 2).Draw(t, "place") {
		case 1:
			b.After = expression("^a")
		case 2:
			b.Before = expression("b")
		}
		text := texts("a", "b", "# BEGIN sloth-runner: a\nold\n# END sloth-runner: a", "# BEGIN sloth-runner: ab", "# END sloth-runner: ab", "\xff").Draw(t, "text")
		blockHolds(t, b, text)
	})
}

// blockHolds: outside of the block, the text stays.
func blockHolds(t interface {
	Fatalf(string, ...any)
	Helper()
}, b Block, text string) {
	after, ok := settled(t, b, text)
	if !ok {
		return
	}
	b.Absent = true
	without, err := b.Apply(text)
	if err != nil {
		t.Fatalf("%+v of %q: %v", b, text, err)
	}
	afterwards, err := b.Apply(after)
	if end := strings.HasSuffix(text, "\n") || text == ""; err != nil || afterwards != without && (end || strings.TrimRight(afterwards, "\r\n") != strings.TrimRight(without, "\r\n")) {
		t.Fatalf("%+v\nof %q\nto %q\nwithout the block %q, %v, want %q", b, text, after, afterwards, err, without)
	}
}

func FuzzBlock(f *testing.F) {
	f.Add("a\n", "web", "#", "x\ny", false)
	f.Add("# BEGIN sloth-runner: web\r\n# END sloth-runner: web", "web", "# %s", "", true)
	f.Fuzz(func(t *testing.T, before, id, comment, lines string, absent bool) {
		blockHolds(t, Block{ID: id, Comment: comment, Text: text(lines), Absent: absent}, before)
	})
}
