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

// Client calls a master for an operator, a reader or the administrator. Its errors say at which master, why, and what to
// do. It is safe for concurrent use, and must be closed.
type Client struct {
	masters *Masters
}

// New returns a client that calls the first of the masters that answers, with the holder's certificate.
func New(holder *trust.Holder, addresses []string) *Client {
	return &Client{masters: NewMasters(holder, addresses)}
}

// NewLocal returns a client that calls the master of this machine as its administrator, through the socket at path.
func NewLocal(path string) *Client {
	return &Client{masters: newMasters(onSocket, nil, []string{path})}
}

// Close gives up the connection.
func (c *Client) Close() { c.masters.Close() }

// Masters is how to reach them, for a Renewer.
func (c *Client) Masters() *Masters { return c.masters }

// List returns what is registered. known is the version that the caller has: an answer with the same has no agents.
func (c *Client) List(ctx context.Context, known uint64) (*proto.ListResponse, error) {
	return do(ctx, c, proto.RegistryClient.List, &proto.ListRequest{Known: known})
}

// Watch calls changed with the list, and again whenever it has changed, until ctx ends, changed returns an error, or no
// master answers. A master that is lost is replaced by another.
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

// Issue gets a certificate for an agent of which the operator vouches; request is its own (PKCS #10, DER). With replace it
// takes the place of one that is there under the name.
func (c *Client) Issue(ctx context.Context, name string, request []byte, replace bool) (*proto.JoinResponse, error) {
	return do(ctx, c, proto.RegistryClient.Issue, &proto.IssueRequest{Name: name, Request: request, Replace: replace})
}

// CreateToken makes a token; ttl 0 is the master's default.
func (c *Client) CreateToken(ctx context.Context, id trust.Identity, ttl time.Duration) (*proto.CreateTokenResponse, error) {
	return do(ctx, c, proto.RegistryClient.CreateToken, &proto.CreateTokenRequest{Role: string(id.Role), Name: id.Name, Ttl: durationpb.New(ttl)})
}

// Revoke ends the certificates of an identity, and returns how many of them the registry knew.
func (c *Client) Revoke(ctx context.Context, id trust.Identity) (int, error) {
	answer, err := c.RevokeAndWait(ctx, &proto.RevokeRequest{Role: string(id.Role), Name: id.Name})
	return int(answer.GetCertificates()), err
}

// RevokeAndWait ends certificates, and waits as long as the request says until all agents have confirmed that.
func (c *Client) RevokeAndWait(ctx context.Context, request *proto.RevokeRequest) (answer *proto.RevokeResponse, err error) {
	ctx, cancel := context.WithTimeout(ctx, CallTimeout+request.GetWait().AsDuration())
	defer cancel()
	err = c.masters.Stream(ctx, func(ctx context.Context, client proto.RegistryClient) (err error) {
		answer, err = client.Revoke(ctx, request)
		return err
	})
	return answer, err
}

// Rename gives an agent another name, which it takes as soon as it is attached.
func (c *Client) Rename(ctx context.Context, name, newName string) (*proto.RegisteredAgent, error) {
	return do(ctx, c, proto.RegistryClient.Rename, &proto.RenameRequest{Name: name, NewName: newName})
}

// Tag sets and removes tags of an agent.
func (c *Client) Tag(ctx context.Context, name string, set map[string]string, remove []string) (*proto.RegisteredAgent, error) {
	return do(ctx, c, proto.RegistryClient.Tag, &proto.TagRequest{Name: name, Set: set, Remove: remove})
}

// Remove forgets an agent, and revokes it.
func (c *Client) Remove(ctx context.Context, name string) error {
	_, err := do(ctx, c, proto.RegistryClient.Remove, &proto.RemoveRequest{Name: name})
	return err
}

// Tunnel is a connection to an agent that dials out; what goes through it should be TLS with the agent. It lasts no longer
// than ctx, and must be closed.
func (c *Client) Tunnel(ctx context.Context, agent string) (net.Conn, error) {
	return c.masters.Call(ctx, agent)
}

// do makes a call that is answered at once.
func do[Q, A any](ctx context.Context, c *Client, method func(proto.RegistryClient, context.Context, Q, ...grpc.CallOption) (A, error), request Q) (answer A, err error) {
	err = c.masters.Do(ctx, func(ctx context.Context, client proto.RegistryClient) (err error) {
		answer, err = method(client, ctx, request)
		return err
	})
	return answer, err
}
