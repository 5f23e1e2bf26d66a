package view

import "sloth-runner/proto"

// Replay shows a run in a format from the events that replay gives, and text of a single command as it was shown while
// it ran.
func Replay(name string, c Config, replay func(func(*proto.Event) error) error) error {
	var sink Sink
	if name == TextFormat && c.Exec {
		sink = newExec(c, c.Gathered)
	} else {
		sink = Open(name, c)
	}
	err := replay(func(e *proto.Event) error {
		sink.Event(e)
		return sink.Err()
	})
	if closed := sink.Close(); err == nil {
		err = closed
	}
	return err
}
