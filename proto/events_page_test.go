package proto_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/reflect/protoreflect"
)

var update = flag.Bool("update", false, "rewrite docs/events.md")

const eventsIntroduction = `# The events of a run

` + "`sloth-runner run -o jsonl`" + ` prints each event of the run as one line of JSON, while it happens; ` +
	"`sloth-runner runs show ID -o jsonl`" + `
prints those of a past run. The first line is ` + "`runStarted`, the last `runFinished`" + `; without that one, the run was cut off.
Every host has one ` + "`hostFinished`" + `.

It is the [JSON form of protobuf](https://protobuf.dev/programming-guides/json/): a field that has its type's zero value is
left out (so is ` + "`exitStatus`" + ` when it is 0); 64-bit integers and bytes are strings, the latter in base64; a duration is
"1.5s", a time is RFC 3339. Fields and kinds of events are only ever added: pass over those that you don't know.

Characters that a terminal would act on are written as \uXXXX. Text comes from the hosts: treat it as data.

This page is made from proto/agent.proto by a test; ` + "`go test ./proto -update`" + ` writes it anew.
`

// docs/events.md says the same as agent.proto.
func TestEventsPage(t *testing.T) {
	compiler := protocompile.Compiler{
		Resolver:       protocompile.WithStandardImports(&protocompile.SourceResolver{ImportPaths: []string{"."}}),
		SourceInfoMode: protocompile.SourceInfoStandard,
	}
	files, err := compiler.Compile(t.Context(), "agent.proto")
	if err != nil {
		t.Fatal(err)
	}
	p := page{described: map[protoreflect.FullName]bool{}}
	p.text.WriteString(eventsIntroduction)
	p.message(files[0].Messages().ByName("Event"))
	const path = "../docs/events.md"
	if *update {
		if err := os.WriteFile(path, []byte(p.text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || string(have) != p.text.String() {
		t.Errorf("docs/events.md is not what agent.proto says (%v): run go test ./proto -update", err)
	}
}

// page is the text so far, and the messages in it.
type page struct {
	text      strings.Builder
	described map[protoreflect.FullName]bool
}

// message writes a message, then the messages in its fields.
func (p *page) message(m protoreflect.MessageDescriptor) {
	if p.described[m.FullName()] || m.ParentFile().Path() != "agent.proto" {
		return
	}
	p.described[m.FullName()] = true
	fmt.Fprintf(&p.text, "\n## %s\n\n%s\n", m.Name(), comment(m))
	fields := m.Fields()
	if fields.Len() > 0 {
		p.text.WriteString("\n| field | value | |\n|---|---|---|\n")
	}
	for i := range fields.Len() {
		field := fields.Get(i)
		fmt.Fprintf(&p.text, "| `%s` | %s | %s |\n", field.JSONName(), valueOf(field), strings.ReplaceAll(comment(field), "\n", " "))
	}
	for i := range m.Enums().Len() {
		p.enum(m.Enums().Get(i))
	}
	for i := range fields.Len() {
		if inner := fields.Get(i).Message(); inner != nil {
			p.message(inner)
		}
	}
}

func (p *page) enum(e protoreflect.EnumDescriptor) {
	fmt.Fprintf(&p.text, "\n%s is one of:\n\n", e.Name())
	for i := range e.Values().Len() {
		value := e.Values().Get(i)
		line := fmt.Sprintf("- `%s`: %s", value.Name(), strings.ReplaceAll(comment(value), "\n", " "))
		p.text.WriteString(strings.TrimSuffix(line, ": ") + "\n")
	}
}

func comment(d protoreflect.Descriptor) string {
	lines := strings.Split(d.ParentFile().SourceLocations().ByDescriptor(d).LeadingComments, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func valueOf(field protoreflect.FieldDescriptor) string {
	value := field.Kind().String()
	switch {
	case field.Message() != nil && field.Message().ParentFile().Path() == "agent.proto":
		name := string(field.Message().Name())
		value = fmt.Sprintf("[%s](#%s)", name, strings.ToLower(name))
	case field.Message() != nil:
		value = map[string]string{"Timestamp": "time", "Duration": "duration"}[string(field.Message().Name())]
	case field.Enum() != nil:
		value = string(field.Enum().Name())
	case field.Kind() == protoreflect.Int64Kind || field.Kind() == protoreflect.Uint64Kind:
		value = "integer, as a string"
	case field.Kind() == protoreflect.Int32Kind || field.Kind() == protoreflect.Uint32Kind:
		value = "integer"
	case field.Kind() == protoreflect.BytesKind:
		value = "bytes, in base64"
	}
	if field.IsList() {
		return "list of " + value
	}
	return value
}
