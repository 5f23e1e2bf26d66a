package setup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sloth-runner/agent/persistent"
	"sloth-runner/agent/program"
	"sloth-runner/agent/service"
	"sloth-runner/proto"
	"sloth-runner/trust"
)

// setup installs or changes the persistent agent of this host for the account of this process.
type setup struct {
	name, version string
	places        places
	// limit limits how long an agent may take to answer; 0: answerLimit.
	limit time.Duration
}

// Run does one step of setting up the persistent agent of this host. A step that has begun is completed even if ctx
// ends. version is the version of the program.
func Run(ctx context.Context, step *proto.Setup, version string) (*proto.SetupReport, error) {
	where, err := placesOf(step.GetName(), os.Getenv)
	if err != nil {
		return nil, err
	}
	return (&setup{name: step.GetName(), version: version, places: where}).run(ctx, step)
}

// run does one step. A step that has begun is completed even if the operator goes away.
func (s *setup) run(ctx context.Context, step *proto.Setup) (*proto.SetupReport, error) {
	ctx = context.WithoutCancel(ctx)
	var report proto.SetupReport
	var note string
	var err error
	before := persistent.CertifiedName(s.places.state)
	switch kind := step.GetStep().(type) {
	case *proto.Setup_MakeKey:
		report.Request, err = s.makeKey()
	case *proto.Setup_Install:
		note, err = s.install(ctx, kind.Install)
	case *proto.Setup_Upgrade:
		note, err = s.upgrade(ctx)
	case *proto.Setup_Uninstall:
		note, err = s.uninstall(ctx)
	case *proto.Setup_Query:
	default:
		err = errors.New("the agent does not know this step of setting up another")
	}
	if err == nil {
		err = s.describe(ctx, &report)
	}
	report.Message = note
	if before != "" && before != s.name && step.GetMakeKey() == nil {
		report.Message = joinNotes(note, renamedNote(step, before))
	}
	return &report, err
}

// renamedNote returns a note for users about an agent that was installed under the name of its host and renamed later.
func renamedNote(step *proto.Setup, name string) string {
	switch step.GetStep().(type) {
	case *proto.Setup_Install, *proto.Setup_Uninstall:
		return fmt.Sprintf("it was agent %s, which `sloth-runner agent remove %[1]s` forgets", name)
	}
	return fmt.Sprintf("it is agent %s since it was renamed", name)
}

func joinNotes(notes ...string) string {
	return strings.Join(slices.DeleteFunc(notes, func(note string) bool { return note == "" }), "; ")
}

// describe adds the current state to the report.
func (s *setup) describe(ctx context.Context, report *proto.SetupReport) error {
	report.Name, report.Version = s.name, s.version
	report.State = proto.SetupReport_ABSENT
	current, err := s.places.current()
	if err != nil || current == "" {
		return err
	}
	if report.Digest, err = program.DigestOf(current); err != nil {
		return err
	}
	manager, err := s.places.manager()
	if err != nil {
		return err
	}
	report.Service, report.State = manager.Kind(), proto.SetupReport_STOPPED
	state, err := manager.State(ctx, s.places.spec())
	if err != nil {
		return err
	}
	if state == service.Running && s.answers(ctx) == nil {
		report.State = proto.SetupReport_RUNNING
	}
	return nil
}

// makeKey returns a certificate request for the agent's key. An existing key stays: the agent may be using it.
func (s *setup) makeKey() ([]byte, error) {
	path := filepath.Join(s.places.state, trust.KeyFile)
	if err := safeParents(s.places.state); err != nil {
		return nil, err
	}
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		key, err := trust.NewKey()
		if err != nil {
			return nil, err
		}
		data, err := trust.EncodeKey(key)
		if err != nil {
			return nil, err
		}
		if err := trust.WriteFile(s.places.state, trust.KeyFile, data, 0o600); err != nil {
			return nil, fmt.Errorf("keep the agent's key: %w", err)
		}
	}
	key, err := trust.LoadKey(s.places.state)
	if err != nil {
		return nil, err
	}
	return trust.Request(key)
}
