package provision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
)

// Install installs a persistent agent on every host; the package comment says how. Results are in the order of the
// hosts. The error is set when the installation could not begin, or was stopped. Results then say how far each host has
// come.
func Install(ctx context.Context, c Config) ([]Result, error) {
	w, err := newWork(&c)
	if err != nil {
		return nil, err
	}
	if c.Issue == nil {
		return nil, errors.New("no function signs certificates")
	}
	made, err := w.run(ctx, MakingKey, "make keys for agents", w.all(), func(i int) *proto.Setup {
		return &proto.Setup{Name: c.Hosts[i].Name, Step: &proto.Setup_MakeKey{MakeKey: &proto.MakeKey{}}}
	})
	if err != nil {
		return w.results, err
	}
	orders := make([]*proto.Install, len(c.Hosts))
	w.each(ctx, Signing, w.well(w.all()), func(i int) (err error) {
		orders[i], err = w.order(ctx, i, made[i].GetRequest())
		return err
	})
	installing := w.well(w.all())
	_, err = w.run(ctx, Installing, "install agents", installing, func(i int) *proto.Setup {
		return &proto.Setup{Name: c.Hosts[i].Name, Step: &proto.Setup_Install{Install: orders[i]}}
	})
	if err != nil {
		return w.results, err
	}
	w.prove(ctx, w.well(w.all()))
	return w.results, w.withdraw(ctx, installing, made)
}

// withdraw removes a newly installed agent when the installation failed. A host undoes what fails there; an agent that
// can't be reached from here is removed.
func (w *work) withdraw(ctx context.Context, installing []int, made map[int]*proto.SetupReport) error {
	var unproven []int
	for _, i := range installing {
		r := &w.results[i]
		switch {
		case r.Err == nil || made[i].GetState() != proto.SetupReport_ABSENT:
		case r.Phase == Installing:
			r.Removed = fault.StageOf(r.Err, fault.Lost) == fault.Execute
		case !w.config.Keep && ctx.Err() == nil:
			unproven = append(unproven, i)
		}
	}
	causes := map[int]error{}
	for _, i := range unproven {
		causes[i], w.results[i].Err = w.results[i].Err, nil
	}
	err := w.simple(ctx, Proving, "remove agents that do not answer", unproven, &proto.Setup{Step: &proto.Setup_Uninstall{Uninstall: &proto.Uninstall{}}})
	for _, i := range unproven {
		r := &w.results[i]
		failed := errors.Join(r.Err, err)
		r.Removed = failed == nil
		then := "it was removed again"
		if !r.Removed {
			then = "it could not be removed, and may be there: " + failed.Error()
		}
		cause := proto.FailureOf(causes[i], fault.Connect)
		r.Err = &fault.Error{Stage: proto.FaultStage(cause.GetStage()), Err: fmt.Errorf("%s; %s", cause.GetReason(), then), Hint: cause.GetHint()}
	}
	return err
}

// order returns the installation of a host.
func (w *work) order(ctx context.Context, i int, request []byte) (*proto.Install, error) {
	issued, err := w.config.Issue(ctx, w.results[i].Name, request)
	if err != nil {
		return nil, err
	}
	config := w.config.Hosts[i].Config
	if len(issued.Masters) > 0 {
		config.Masters = issued.Masters
	}
	data, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	return &proto.Install{Config: data, Certificate: issued.Certificate, Authority: issued.Authority, Revocations: issued.Revocations}, nil
}
