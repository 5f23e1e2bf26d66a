package agent

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestAdmissionLimitsRuns(t *testing.T) {
	var a admission
	leave, err := a.enter(2, func(error) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.enter(2, func(error) {}); err != nil {
		t.Fatal(err)
	}
	if _, err := a.enter(2, func(error) {}); err == nil || !strings.Contains(err.Error(), "its limit") {
		t.Errorf("a third run is let in: %v", err)
	}
	leave()
	if _, err := a.enter(2, func(error) {}); err != nil {
		t.Errorf("where one has left: %v", err)
	}
}

func TestDrainWaitsForRuns(t *testing.T) {
	var a admission
	leave, err := a.enter(0, func(error) { t.Error("the run is cancelled, although there is time") })
	if err != nil {
		t.Fatal(err)
	}
	a.close()
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		a.drain(t.Context(), time.Hour)
	}()
	if _, err := a.enter(0, func(error) {}); err == nil {
		t.Error("a run is let in")
	}
	select {
	case <-drained:
		t.Error("it does not wait for the run")
	default:
	}
	leave()
	<-drained
}

func TestDrainCancelsWhatIsLeft(t *testing.T) {
	var a admission
	ctx, cancel := context.WithCancelCause(t.Context())
	leave, err := a.enter(0, cancel)
	if err != nil {
		t.Fatal(err)
	}
	context.AfterFunc(ctx, leave)
	a.drain(t.Context(), 0)
	if !errors.Is(context.Cause(ctx), errStopping) {
		t.Errorf("the run is ended by %v", context.Cause(ctx))
	}
}
