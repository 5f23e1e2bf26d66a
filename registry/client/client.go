package client

import (
	"context"
	"errors"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"

	"sloth-runner/proto"
	"sloth-runner/trust"
)

// Client calls a master for an operator, a reader or the administrator. Its errors name the master, the cause, and what
// to do. It is safe for concurrent use, and must be closed.
type Client struct {
	masters *Masters
}

// New returns a client that calls the first master that answers, with the holder's certificate.
func New(holder *trust.Holder, addresses []string) *Client {
	return &Client{masters: NewMasters(holder, addresses)}
}

// NewLocal returns a client that calls the master of this machine as the administrator, through the socket at path.
func NewLocal(path string) *Client {
	return &Client{masters: newMasters(onSocket, nil, []string{path})}
}

// Close closes the connection.
func (c *Client) Close() { c.masters.Close() }

// Masters returns the masters, for a Renewer.
func (c *Client) Masters() *Masters { return c.masters }

// List returns the registered agents. known is the version of the caller's list: when it is current, the answer has no
// agents.
func (c *Client) List(ctx context.Context, known uint64) (*proto.ListResponse, error) {
	return do(ctx, c, proto.RegistryClient.List, &proto.ListRequest{Known: known})
}

// Watch calls changed with the list, and again after each change, until ctx ends, changed returns an error, or no
// master answers. When a master is lost, another one is used.
func (c *Client) Watch(ctx context.Context, changed func(*proto.ListResponse) error) error {
	var stopped error
	err := c.masters.Stream(ctx, func(ctx context.Context, client proto.RegistryClient) error {
		stream, err := client.Watch(ctx, &proto.ListRequest{})
		if err != nil {
			return err
		}
		for {
			list, err := stream.Recv()
			if err != nil {
				return err
			}
			if stopped = changed(list); stopped != nil {
				return nil
			}
		}
	})
	return errors.Join(stopped, err)
}

// Issue gets a certificate for an agent that the operator has verified; request is the agent's (PKCS #10, DER). With
// replace it may take the name of an attached agent.
func (c *Client) Issue(ctx context.Context, name string, request []byte, replace bool) (*proto.JoinResponse, error) {
	return do(ctx, c, proto.RegistryClient.Issue, &proto.IssueRequest{Name: name, Request: request, Replace: replace})
}

// CreateToken makes a token. When ttl is 0, the master's default is used.
func (c *Client) CreateToken(ctx context.Context, id trust.Identity, ttl time.Duration) (*proto.CreateTokenResponse, error) {
	return do(ctx, c, proto.RegistryClient.CreateToken, &proto.CreateTokenRequest{Role: string(id.Role), Name: id.Name, Ttl: durationpb.New(ttl)})
}

// Revoke revokes the certificates of an identity, and returns how many the registry knew.
func (c *Client) Revoke(ctx context.Context, id trust.Identity) (int, error) {
	answer, err := c.RevokeAndWait(ctx, &proto.RevokeRequest{Role: string(id.Role), Name: id.Name})
	return int(answer.GetCertificates()), err
}

// RevokeAndWait revokes certificates and waits, as long as the request says, until all agents have confirmed it.
func (c *Client) RevokeAndWait(ctx context.Context, request *proto.RevokeRequest) (answer *proto.RevokeResponse, err error) {
	ctx, cancel := context.WithTimeout(ctx, CallTimeout+request.GetWait().AsDuration())
	defer cancel()
	err = c.masters.Stream(ctx, func(ctx context.Context, client proto.RegistryClient) (err error) {
		answer, err = client.Revoke(ctx, request)
		return err
	})
	return answer, err
}

// Rename renames an agent. The agent gets the new name when it is attached.
func (c *Client) Rename(ctx context.Context, name, newName string) (*proto.RegisteredAgent, error) {
	return do(ctx, c, proto.RegistryClient.Rename, &proto.RenameRequest{Name: name, NewName: newName})
}

// Tag sets and removes tags of an agent.
func (c *Client) Tag(ctx context.Context, name string, set map[string]string, remove []string) (*proto.RegisteredAgent, error) {
	return do(ctx, c, proto.RegistryClient.Tag, &proto.TagRequest{Name: name, Set: set, Remove: remove})
}

// Remove removes an agent and revokes its certificates.
func (c *Client) Remove(ctx context.Context, name string) error {
	_, err := do(ctx, c, proto.RegistryClient.Remove, &proto.RemoveRequest{Name: name})
	return err
}

// Tunnel opens a connection to an agent that dials out. The traffic in it should be TLS with the agent. It ends with
// ctx at the latest, and must be closed.
func (c *Client) Tunnel(ctx context.Context, agent string) (net.Conn, error) {
	return c.masters.Call(ctx, agent)
}

// do makes a short call.
func do[Q, A any](ctx context.Context, c *Client, method func(proto.RegistryClient, context.Context, Q, ...grpc.CallOption) (A, error), request Q) (answer A, err error) {
	err = c.masters.Do(ctx, func(ctx context.Context, client proto.RegistryClient) (err error) {
		answer, err = method(client, ctx, request)
		return err
	})
	return answer, err
}
