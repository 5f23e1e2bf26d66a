package become

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
	"testing/iotest"
)

func TestAsksForPassword(t *testing.T) {
	for text, want := range map[string]bool{
		"Password: ":                         true,
		"\rdoas (deploy@lab-001) password: ": true,
		"Mot de passe : ":                    true,
		"パスワード：":                             true,
		"":                                   false,
		"su: ":                               false,
		"doas:":                              false,
		"Password: \n":                       false,
		"Last login: today\n":                false,
		"su: Authentication failure\r\nPassword: ": true,
	} {
		if got := asksForPassword(text, ""); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

// FuzzTranscript: for any output before the agent's line, what is kept is bounded, and what follows the line is left for
// the agent.
func FuzzTranscript(f *testing.F) {
	f.Add([]byte(""), []byte("PRI * HTTP/2.0"))
	f.Add([]byte("We trust you have received the usual lecture\nPassword: "), []byte("x"))
	f.Add(bytes.Repeat([]byte("mark "), 5000), []byte("\n"))
	f.Add([]byte("mark ready\r\nmark ready"), []byte("mark ready\n"))
	f.Fuzz(func(t *testing.T, before, after []byte) {
		const line = "mark ready"
		if bytes.Contains(append(bytes.Clone(before), 0x0a), []byte(line+"\n")) {
			return // the line comes once
		}
		for _, oneByOne := range []bool{false, true} {
			said := append(append(bytes.Clone(before), "\n"+line+"\n"...), after...)
			r := bufio.NewReader(bytes.NewReader(said))
			if oneByOne {
				r = bufio.NewReader(iotest.OneByteReader(bytes.NewReader(said)))
			}
			o := newTranscript()
			o.awaitLine(r, line)
			if !o.isReady() {
				t.Fatalf("%q: the line was not seen", said)
			}
			if len(o.all()) > maxHeard+int(sources) {
				t.Errorf("%d bytes are kept", len(o.all()))
			}
			var rest bytes.Buffer
			if _, err := rest.ReadFrom(r); err != nil || !bytes.Equal(rest.Bytes(), after) {
				t.Errorf("%q stays, not %q", rest.Bytes(), after)
			}
			if words := o.words("["); strings.Contains(strings.Join(words, ""), "\n") {
				t.Errorf("lines are %q", words)
			}
		}
	})
}

func TestReadyIsNotSeenTooEarly(t *testing.T) {
	o := newTranscript()
	o.awaitLine(bufio.NewReader(strings.NewReader("noise\nmark ready, nearly\nmark ready")), "mark ready")
	if o.isReady() {
		t.Error("a line that was not ended counts")
	}
}
