package connect

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/rpc"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/trust/authz"
)

// Stop asks an agent to stop once its runs have ended, and at the latest after grace. The answer says how many there are, and
// what starts the agent again. Its texts come from the host.
func (d Dialer) Stop(ctx context.Context, target inventory.Target, grace time.Duration) (answer *proto.StopResponse, err error) {
	err = d.ask(ctx, target, func(ctx context.Context, client *grpc.ClientConn) error {
		answer, err = proto.NewAgentClient(client).Stop(ctx, &proto.StopRequest{Grace: durationpb.New(grace)})
		return err
	})
	return answer, err
}

// Serves calls the target's agent, and returns nil if it answers that it serves.
func (d Dialer) Serves(ctx context.Context, target inventory.Target) error {
	_, err := d.Describe(ctx, target)
	return err
}

// Describe calls the target's agent, and returns what it says of itself if it serves. An agent of a version that says nothing
// has an empty description.
func (d Dialer) Describe(ctx context.Context, target inventory.Target) (description *proto.AgentDescription, err error) {
	err = d.ask(ctx, target, func(ctx context.Context, client *grpc.ClientConn) error {
		health, err := healthpb.NewHealthClient(client).Check(ctx, &healthpb.HealthCheckRequest{})
		switch {
		case err != nil:
			return err
		case health.GetStatus() != healthpb.HealthCheckResponse_SERVING:
			return errors.New("it is stopping")
		}
		description, err = proto.NewAgentClient(client).Describe(ctx, &proto.DescribeRequest{})
		if isTooOld(err) {
			return nil
		}
		return err
	})
	return description, err
}

// Certify gives the target's agent another certificate for its key, which sign makes of the agent's request (PKCS #10, DER).
func (d Dialer) Certify(ctx context.Context, target inventory.Target, sign func(request []byte) (certificate []byte, err error)) error {
	return d.ask(ctx, target, func(ctx context.Context, conn *grpc.ClientConn) error {
		client := proto.NewAgentClient(conn)
		answer, err := client.Certify(ctx, &proto.CertifyRequest{})
		if isTooOld(err) {
			return &fault.Error{Err: errors.New("it runs a version that can't change its certificate"), Hint: "`sloth-runner agent upgrade` gives it this one"}
		}
		if err != nil {
			return err
		}
		certificate, err := sign(answer.GetRequest())
		if err != nil {
			return err
		}
		_, err = client.Certify(ctx, &proto.CertifyRequest{Certificate: certificate})
		return err
	})
}

// isTooOld reports whether the agent does not know the method. One that has rules refuses what stands in none of them.
func isTooOld(err error) bool {
	return status.Code(err) == codes.Unimplemented
}

// ask connects to the target's agent for a few calls. Its errors say what the agent said.
func (d Dialer) ask(ctx context.Context, target inventory.Target, call func(context.Context, *grpc.ClientConn) error) error {
	conn, _, err := d.Connect(ctx, target, func(*proto.Event) {})
	if err != nil {
		return err
	}
	client, err := rpc.Client(conn, rpc.Question)
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	defer client.Close()
	if d.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d.Timeout)
		defer cancel()
	}
	if err = call(ctx, client); err == nil {
		return nil
	}
	if explained, ok := authz.FromStatus(err); ok {
		return d.fail(target, fault.Answer, explained)
	}
	return d.fail(target, fault.Answer, err)
}
