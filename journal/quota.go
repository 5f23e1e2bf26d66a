package journal

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/types/known/timestamppb"

	pb "google.golang.org/protobuf/proto"

	"sloth-runner/proto"
)

// tailBytes is how much of the end of each task's output is kept when the limit is reached.
const tailBytes = 64 << 10

// quota limits what each host can add to a record. The beginning of its output and of its changes is written; of each task
// that exceeds the limit, also the end. A notice between them says how much is missing.
type quota struct {
	limit int64
	// tell receives notices for the people who watch the run.
	tell  func(*proto.Event)
	hosts map[string]*usage
}

// usage is what a host has used of its quota.
type usage struct {
	written int64
	noticed bool
	// changed is set when a change was written.
	changed bool
	// tail are the last events that were not written, held their bytes. dropped are the bytes of the output of those before,
	// changes their number.
	tail    []*proto.Event
	held    int
	dropped int64
	changes int64
	at      *timestamppb.Timestamp // of the last dropped event
}

// LimitLogs limits the bytes that each host's output and changes add to the record, in events.jsonl and the host's log
// together; 0: no limit. tell is called with a notice, within Event, when a host reaches the limit. LimitLogs must be called before
// the first event.
func (r *Record) LimitLogs(limit int64, tell func(*proto.Event)) {
	r.quota = quota{limit: limit, tell: tell, hosts: make(map[string]*usage)}
}

// admit reports whether an event is to be written now. Before that, it writes the events that were held back. An event
// that is not admitted is kept or counted.
func (r *Record) admit(e *proto.Event) bool {
	if r.quota.limit <= 0 {
		return true
	}
	switch e.GetKind().(type) {
	case *proto.Event_Output, *proto.Event_Log, *proto.Event_Change:
	case *proto.Event_TaskFinished, *proto.Event_Done, *proto.Event_HostFinished:
		r.release(e.GetHost())
		return true
	case *proto.Event_RunFinished:
		r.releaseAll()
		return true
	default:
		return true
	}
	used := r.quota.hosts[e.GetHost()]
	if used == nil {
		used = new(usage)
		r.quota.hosts[e.GetHost()] = used
	}
	if used.written < r.quota.limit {
		return true
	}
	if !used.noticed {
		used.noticed = true
		what := "what it printed"
		if used.changed {
			what += " and changed"
		}
		notice := noticeOf(e.GetHost(), e.GetTime(), true, fmt.Sprintf(
			what+" takes %s in the record, which is its limit (--log-limit): of the rest only the end of each task is kept", sizeText(r.quota.limit)))
		r.write(notice)
		r.quota.tell(notice)
	}
	used.hold(e)
	return false
}

// count adds the bytes that an event has added to the record.
func (r *Record) count(e *proto.Event, bytes int) {
	if used := r.quota.hosts[e.GetHost()]; used != nil && (e.GetOutput() != nil || e.GetLog() != nil || e.GetChange() != nil) {
		used.written += int64(bytes)
		used.changed = used.changed || e.GetChange() != nil
	}
}

func (u *usage) hold(e *proto.Event) {
	u.tail = append(u.tail, e)
	u.held += pb.Size(e)
	for u.held > tailBytes {
		first := u.tail[0]
		u.tail[0] = nil
		u.tail = u.tail[1:]
		u.held -= pb.Size(first)
		u.dropped += int64(printed(first))
		if first.GetChange() != nil {
			u.changes++
		}
		u.at = first.GetTime()
	}
}

// printed returns the number of bytes of output in an event.
func printed(e *proto.Event) int {
	if output := e.GetOutput(); output != nil {
		return output.Size()
	}
	return len(e.GetLog().GetMessage())
}

// missing says what was dropped; "": nothing.
func (u *usage) missing() string {
	var parts []string
	if u.dropped > 0 {
		parts = append(parts, fmt.Sprintf("%d bytes that it printed", u.dropped))
	}
	if u.changes > 0 {
		parts = append(parts, fmt.Sprintf("%d of its changes", u.changes))
	}
	return strings.Join(parts, " and ")
}

// release writes the events of a host that were held back.
func (r *Record) release(host string) {
	used := r.quota.hosts[host]
	if used == nil {
		return
	}
	if missing := used.missing(); missing != "" {
		r.write(noticeOf(host, used.at, false, missing+" are left out here: see --log-limit"))
	}
	for _, e := range used.tail {
		r.write(e)
	}
	used.tail, used.held, used.dropped, used.changes = nil, 0, 0, 0
}

func (r *Record) releaseAll() {
	for host := range r.quota.hosts {
		r.release(host)
	}
}

func noticeOf(host string, at *timestamppb.Timestamp, lasting bool, text string) *proto.Event {
	return &proto.Event{Host: host, Time: at, Kind: &proto.Event_Notice{Notice: &proto.Notice{Text: text, Lasting: lasting}}}
}

// sizeText formats a number of bytes for people.
func sizeText(n int64) string {
	for _, unit := range []struct {
		size int64
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n%unit.size == 0 {
			return fmt.Sprintf("%d %s", n/unit.size, unit.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}
