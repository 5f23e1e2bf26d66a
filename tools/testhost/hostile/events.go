package hostile

import (
	"bytes"
	"math"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/durationpb"

	"sloth-runner/proto"
)

const mib = 1 << 20

// eventModes violate the protocol with their events.
var eventModes = map[string]func(*run) error{
	"good": (*run).honest,

	// Too much.
	"huge-status": func(r *run) error {
		if _, err := r.begin(); err != nil {
			return err
		}
		return status.Error(codes.Internal, strings.Repeat("x", 15*mib))
	},
	"huge-status-first": func(*run) error { return status.Error(codes.PermissionDenied, strings.Repeat("x", 15*mib)) },
	"large-status": func(r *run) error {
		if _, err := r.begin(); err != nil {
			return err
		}
		return status.Error(codes.Internal, strings.Repeat("reason ", 1500))
	},
	"huge-trailer": func(r *run) error {
		r.stream.SetTrailer(metadata.Pairs("x", strings.Repeat("y", 15*mib)))
		return r.all(success)
	},
	"huge-header": func(r *run) error {
		if err := r.stream.SendHeader(metadata.Pairs("x", strings.Repeat("y", 15*mib))); err != nil {
			return err
		}
		return r.all(success)
	},
	"flood-lines":   func(r *run) error { return r.flood(outputOf(bytes.Repeat([]byte("flooded\n"), 4<<10)), 0) },
	"flood-long":    func(r *run) error { return r.flood(outputOf(bytes.Repeat([]byte("x"), 32<<10)), 0) },
	"flood-raw":     func(r *run) error { return r.flood(outputOf(bytes.Repeat([]byte("\xff"), 32<<10)), 0) },
	"flood-bytes":   func(r *run) error { return r.flood(outputOf([]byte("x")), 0) },
	"flood-nothing": func(r *run) error { return r.flood(outputOf(nil), 0) },
	"flood-escapes": func(r *run) error { return r.flood(outputOf([]byte(manyBytes(32<<10))), 0) },
	"flood-logs": func(r *run) error {
		return r.flood(&proto.Event{Kind: &proto.Event_Log{Log: &proto.Log{Level: proto.Log_ERROR, Message: "flooded"}}}, 0)
	},
	"flood-reports": func(r *run) error {
		return r.flood(&proto.Event{Kind: &proto.Event_SetupReport{SetupReport: &proto.SetupReport{Request: make([]byte, 100<<10)}}}, 0)
	},
	"flood-half-mib": func(r *run) error { return r.flood(outputOf(bytes.Repeat([]byte("x"), 500<<10)), 0) },
	"flood-4-mib":    func(r *run) error { return r.flood(outputOf(bytes.Repeat([]byte("x"), 4*mib-1000)), 0) },
	"one-of-64-mib":  func(r *run) error { return r.flood(outputOf(make([]byte, 64*mib)), 0) },
	"hello-of-4-mib": func(r *run) error { return r.send(nil, helloOf(strings.Repeat("h", 4*mib-1000))) },
	"hello-of-400-k": func(r *run) error { return allAfter(r, helloOf(strings.Repeat("h", 400<<10))) },
	"large-everything": func(r *run) error {
		return r.all(func() *proto.TaskFinished {
			text := manyBytes(100 << 10)
			return &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: text, Traceback: text, Signal: text, StderrTail: []byte(text)}
		})
	},
	"large-failure": func(r *run) error {
		if err := r.hello(); err != nil {
			return err
		}
		return r.done(&proto.Failure{Stage: 99, Reason: manyBytes(200 << 10), Hint: manyBytes(200 << 10)})
	},
	"unknown-fields": func(r *run) error {
		event := outputOf([]byte("x\n"))
		event.ProtoReflect().SetUnknown(protowire.AppendBytes(protowire.AppendTag(nil, 5000, protowire.BytesType), make([]byte, 400<<10)))
		return r.flood(event, 0)
	},
	"after-done": func(r *run) error {
		err := r.all(success)
		for err == nil {
			err = r.print(r.tasks()[0], bytes.Repeat([]byte("late\n"), 5000))
		}
		return err
	},

	// Too little.
	"no-hello":    (*run).silence,
	"half-closed": func(r *run) error { _, err := r.begin(); return err },
	"never-ending": func(r *run) error {
		if _, err := r.begin(); err != nil {
			return err
		}
		return r.silence()
	},
	"trickle": func(r *run) error { return r.flood(outputOf([]byte("x")), 300*time.Millisecond) },
	"nothing-done": func(r *run) error {
		if err := r.hello(); err != nil {
			return err
		}
		return r.done(nil)
	},
	"no-done": func(r *run) error {
		if err := r.hello(); err != nil {
			return err
		}
		for _, task := range r.tasks() {
			if err := r.finished(task, success()); err != nil {
				return err
			}
		}
		return r.silence()
	},

	// Out of range.
	"absurd-durations": func(r *run) error { return r.all(absurd) },
	"absurd-enums": func(r *run) error {
		task, err := r.begin()
		if err != nil {
			return err
		}
		if err := r.send(task, &proto.Event{Kind: &proto.Event_Log{Log: &proto.Log{Level: math.MaxInt32, Message: "x"}}}); err != nil {
			return err
		}
		if err := r.send(task, &proto.Event{Kind: &proto.Event_Output{Output: &proto.Output{Stream: -5}}}); err != nil {
			return err
		}
		return r.finished(task, &proto.TaskFinished{Outcome: math.MinInt32})
	},
	"negative-duration": func(r *run) error {
		return r.all(func() *proto.TaskFinished {
			return &proto.TaskFinished{Outcome: proto.TaskFinished_SUCCESS, Duration: &durationpb.Duration{Seconds: -1 << 40, Nanos: 7}}
		})
	},
	"invalid-utf8": func(r *run) error {
		if _, err := r.begin(); err != nil {
			return err
		}
		// A log message of invalid UTF-8, which no library would encode.
		log := protowire.AppendString(protowire.AppendTag(nil, 2, protowire.BytesType), "\xff\xfe")
		return r.raw(protowire.AppendBytes(protowire.AppendTag(nil, 35, protowire.BytesType), log))
	},
	"no-event": func(r *run) error {
		if _, err := r.begin(); err != nil {
			return err
		}
		return r.raw([]byte("\xff\xff\xff\xff garbage"))
	},
	"deep-nesting": func(r *run) error {
		if _, err := r.begin(); err != nil {
			return err
		}
		var data []byte
		for range 12 {
			data = protowire.AppendBytes(protowire.AppendTag(nil, 31, protowire.BytesType), append(data, data...))
		}
		return r.raw(data)
	},

	// Out of order.
	"backwards":      func(r *run) error { return numbered(r, 1) },
	"a-gap":          func(r *run) error { return numbered(r, 7) },
	"largest-number": func(r *run) error { return numbered(r, math.MaxUint64) },
	"unknown-task": func(r *run) error {
		if err := r.hello(); err != nil {
			return err
		}
		return r.finished(&proto.Task{Group: manyBytes(100 << 10), Name: manyBytes(100 << 10)}, success())
	},
	"result-twice": func(r *run) error {
		task, err := r.begin()
		for err == nil {
			err = r.finished(task, success())
		}
		return err
	},
	"started-twice": func(r *run) error {
		task, err := r.begin()
		for err == nil {
			err = r.started(task)
		}
		return err
	},
	"hello-twice": func(r *run) error {
		err := r.hello()
		for err == nil {
			err = r.hello()
		}
		return err
	},
	"become-unasked": func(r *run) error {
		return r.flood(&proto.Event{Kind: &proto.Event_BecomeChanged{BecomeChanged: &proto.BecomeChanged{Step: proto.BecomeChanged_ASKED}}}, 0)
	},
	"forged-end": func(r *run) error {
		return r.flood(&proto.Event{Kind: &proto.Event_RunFinished{RunFinished: &proto.RunFinished{}}}, 0)
	},
	"forged-notice": func(r *run) error {
		return r.flood(&proto.Event{Host: "good-1", Kind: &proto.Event_Notice{Notice: &proto.Notice{Text: "forged", Lasting: true}}}, 0)
	},
}

func helloOf(name string) *proto.Event {
	return &proto.Event{Kind: &proto.Event_Hello{Hello: &proto.Hello{
		Protocol: math.MaxUint32, Version: name[:len(name)/4], Hostname: name[:len(name)/2], Pid: math.MinInt64,
	}}}
}

// allAfter is all after another Hello.
func allAfter(r *run, hello *proto.Event) error {
	if err := r.send(nil, hello); err != nil {
		return err
	}
	for _, task := range r.tasks() {
		if err := r.finished(task, success()); err != nil {
			return err
		}
	}
	return r.done(nil)
}

// numbered sends an event with a wrong number.
func numbered(r *run, number uint64) error {
	task, err := r.begin()
	if err != nil {
		return err
	}
	r.seq = number - 1
	if err := r.print(task, []byte("x\n")); err != nil {
		return err
	}
	return r.silence()
}
