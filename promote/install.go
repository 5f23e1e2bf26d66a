package promote

import (
	"context"
	"encoding/json"
	"errors"

	"sloth-runner/proto"
)

// Install makes a persistent agent of every host; see the package for how. Results are in the order of the hosts. The
// error is for what can't be begun, or stopped all of it; results say how far each host had come.
func Install(ctx context.Context, c Config) ([]Result, error) {
	w, err := newWork(&c)
	if err != nil {
		return nil, err
	}
	if c.Issue == nil {
		return nil, errors.New("there is nobody who signs certificates")
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
	_, err = w.run(ctx, Installing, "install agents", w.well(w.all()), func(i int) *proto.Setup {
		return &proto.Setup{Name: c.Hosts[i].Name, Step: &proto.Setup_Install{Install: orders[i]}}
	})
	if err != nil {
		return w.results, err
	}
	w.prove(ctx, w.well(w.all()))
	return w.results, nil
}

// order is what a host is to install.
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
