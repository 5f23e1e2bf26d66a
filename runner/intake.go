package runner

import (
	"fmt"
	"math"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
)

const (
	// maxText limits each text and each byte string that textLimit has no other limit for.
	maxText = 4 << 10
	// maxItems limits lists.
	maxItems = 1000
	// maxDuration is the longest duration that is accepted.
	maxDuration = 10 * 365 * 24 * time.Hour
)

// textLimit is how many bytes of a field are taken.
func textLimit(field protoreflect.FullName) int {
	switch field {
	case "slothrunner.v1.Event.group", "slothrunner.v1.Event.task", "slothrunner.v1.Output.text", "slothrunner.v1.Output.raw":
		return math.MaxInt // an event has a limit, and names are compared with those of the run
	case "slothrunner.v1.Log.message", "slothrunner.v1.TaskFinished.message", "slothrunner.v1.Change.diff":
		return 64 << 10
	case "slothrunner.v1.TaskFinished.traceback", "slothrunner.v1.SetupReport.request":
		return 16 << 10
	}
	return maxText
}

// normalise changes an event from an agent so that every sink can take it: texts are bounded and valid UTF-8, numbers are
// in their ranges, and unknown fields are removed. The fields that the runner sets itself are cleared.
func normalise(event *proto.Event) {
	event.Time, event.Host = nil, ""
	switch kind := event.GetKind().(type) {
	case *proto.Event_Change:
		boundDiff(kind.Change)
	case *proto.Event_Hello, *proto.Event_Done, *proto.Event_BecomeChanged:
		event.Group, event.Task = "", "" // these belong to no task
	}
	normaliseMessage(event.ProtoReflect())
}

func normaliseMessage(message protoreflect.Message) {
	if len(message.GetUnknown()) > 0 {
		message.SetUnknown(nil)
	}
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.IsMap():
			message.Clear(field) // no event has one
		case field.IsList():
			list := value.List()
			list.Truncate(min(list.Len(), maxItems))
			for i := range list.Len() {
				list.Set(i, normalised(field, list.Get(i)))
			}
		case field.Message() != nil:
			normalised(field, value)
		default:
			message.Set(field, normalised(field, value))
		}
		return true
	})
}

// normalised returns the value of a field, or of an item of it. Messages are changed in their place.
func normalised(field protoreflect.FieldDescriptor, value protoreflect.Value) protoreflect.Value {
	switch field.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(fault.Bound(value.String(), textLimit(field.FullName())))
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(boundBytes(value.Bytes(), textLimit(field.FullName())))
	case protoreflect.EnumKind:
		if field.Enum().Values().ByNumber(value.Enum()) == nil {
			return protoreflect.ValueOfEnum(0)
		}
	case protoreflect.MessageKind, protoreflect.GroupKind:
		value.Message().SetUnknown(nil)
		switch known := value.Message().Interface().(type) {
		case *durationpb.Duration:
			boundDuration(known)
		case *timestamppb.Timestamp:
			if !known.IsValid() {
				known.Seconds, known.Nanos = 0, 0
			}
		default:
			normaliseMessage(value.Message())
		}
	}
	return value
}

// boundDiff cuts a diff at the end of a line, and says so as the agent does: a text in the diff could be a line of it.
func boundDiff(change *proto.Change) {
	limit := textLimit("slothrunner.v1.Change.diff")
	if len(change.GetDiff()) <= limit {
		return
	}
	change.Diff = change.Diff[:strings.LastIndexByte(change.Diff[:limit], '\n')+1]
	change.DiffCut = true
}

// boundBytes keeps the end of data: the end of the output is the most useful part.
func boundBytes(data []byte, limit int) []byte {
	if len(data) <= limit {
		return data
	}
	mark := fmt.Sprintf("[%d bytes in all] … ", len(data))
	return append([]byte(mark), data[len(data)-max(0, limit-len(mark)):]...)
}

// boundDuration limits a duration to a valid range.
func boundDuration(d *durationpb.Duration) {
	took := min(max(d.AsDuration(), 0), maxDuration)
	d.Seconds, d.Nanos = int64(took/time.Second), int32(took%time.Second)
}
