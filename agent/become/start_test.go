package become

import (
	"testing"

	protobuf "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"sloth-runner/proto"
)

// TestChildStart sets every field of a plan, including those that are added later. A child agent gets all of them as its
// parent did, except those listed here.
func TestChildStart(t *testing.T) {
	as := account{user: "not-this-user", method: "sudo"}
	from := &proto.Start{}
	fill(from.ProtoReflect())
	own, parents, others := &proto.Task{}, &proto.Task{}, &proto.Task{}
	for _, task := range []*proto.Task{own, parents, others} {
		fill(task.ProtoReflect())
	}
	own.Become = &proto.Become{User: as.user, Method: as.method}
	parents.Become = nil
	others.Become = &proto.Become{User: "another-user"}
	from.Tasks = []*proto.Task{own, parents, others}
	before := protobuf.Clone(from)

	got := childStart(from, as)
	if !protobuf.Equal(from, before) {
		t.Error("the parent's own plan was changed")
	}
	want := protobuf.CloneOf(from)
	want.Timeout, want.Hold = nil, true
	for i, isOwn := range []bool{true, false, false} {
		want.Tasks[i].Become, want.Tasks[i].Here, want.Tasks[i].Gated = nil, isOwn, isOwn
		want.Tasks[i].IgnoreErrors = false // the parent decides what a failure ends
	}
	if !protobuf.Equal(got, want) {
		t.Errorf("the child agent is sent\n%v\nwant\n%v", got, want)
	}
}

// fill sets each field of a message, and of the messages in it, to a value that is not zero.
func fill(m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		switch {
		case field.ContainingOneof() != nil && m.WhichOneof(field.ContainingOneof()) != nil:
		case field.IsMap():
			panic("a field that is a map: fill it here")
		case field.IsList():
			list := m.Mutable(field).List()
			if field.Message() != nil {
				fill(list.AppendMutable().Message())
			} else {
				list.Append(filled(field))
			}
		case field.Message() != nil:
			fill(m.Mutable(field).Message())
		default:
			m.Set(field, filled(field))
		}
	}
}

func filled(field protoreflect.FieldDescriptor) protoreflect.Value {
	switch field.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	case protoreflect.StringKind:
		return protoreflect.ValueOfString("text")
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte("bytes"))
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(1)
	case protoreflect.Uint64Kind:
		return protoreflect.ValueOfUint64(1)
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(1)
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(1)
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(1)
	default:
		panic("a field of kind " + field.Kind().String() + ": fill it here")
	}
}
