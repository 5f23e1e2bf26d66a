package store

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sloth-runner/internal/bounded"
	"sloth-runner/internal/fault"
)

// DefaultEtcdPrefix begins the keys of masters in an etcd.
const DefaultEtcdPrefix = "/sloth-runner/"

const (
	// etcdTry limits one attempt to read, and etcdCommit one to write, which is not repeated.
	etcdTry    = 2 * time.Second
	etcdCommit = 5 * time.Second
	etcdTries  = 3
	// etcdPing is how long a member of etcd may be silent before the client checks it. Servers don't allow a shorter
	// time (https://etcd.io/docs/v3.5/op-guide/configuration/, grpc-keepalive-min-time).
	etcdPing     = 5 * time.Second
	etcdPingWait = 2 * time.Second
	// scanPage is how many keys are read at once.
	scanPage = 500
)

// EtcdConfig describes the etcd that several masters share.
type EtcdConfig struct {
	// Endpoints are the URLs of its members, such as https://etcd-1.example.com:2379.
	Endpoints []string `json:"endpoints"`
	// Prefix begins all keys; "" stands for DefaultEtcdPrefix.
	Prefix string `json:"prefix,omitempty"`
	// CA, Cert and Key are PEM files: the members' authority (default: those of the system), and the client certificate
	// with its key (default: none).
	CA   string `json:"ca,omitempty"`
	Cert string `json:"cert,omitempty"`
	Key  string `json:"key,omitempty"`
}

// Check returns what is wrong with the configuration.
func (c *EtcdConfig) Check() error {
	if len(c.Endpoints) == 0 {
		return errors.New("no member of etcd is named")
	}
	for _, endpoint := range c.Endpoints {
		u, err := url.Parse(endpoint)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("%q is no member of etcd: expected a URL as https://HOST:2379", endpoint)
		}
		if u.Scheme == "http" && c.CA+c.Cert+c.Key != "" {
			return fmt.Errorf("%s is without TLS, for which there are certificates: expected https://", endpoint)
		}
	}
	if (c.Cert == "") != (c.Key == "") {
		return errors.New("a certificate for etcd needs its key, and a key its certificate")
	}
	return nil
}

// String returns the etcd for messages.
func (c *EtcdConfig) String() string {
	return "etcd at " + strings.Join(c.Endpoints, ", ")
}

// maxAuthorities is the size of the largest file with authorities of etcd, in bytes.
const maxAuthorities = 1 << 20

func (c *EtcdConfig) tls() (*tls.Config, error) {
	if !strings.HasPrefix(c.Endpoints[0], "https:") {
		return nil, nil
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.CA != "" {
		text, err := bounded.ReadFile(c.CA, maxAuthorities)
		if err != nil {
			return nil, fmt.Errorf("read the authority of etcd: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s has no certificate of an authority", c.CA)
		}
	}
	if c.Cert != "" {
		pair, err := tls.LoadX509KeyPair(c.Cert, c.Key)
		if err != nil {
			return nil, fmt.Errorf("read the certificate for etcd: %w", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

// etcdStore is a Shared store in an etcd.
type etcdStore struct {
	client *clientv3.Client
	prefix string
	name   string
}

// OpenEtcd opens the store in an etcd, and returns an error when the etcd does not answer.
func OpenEtcd(ctx context.Context, c EtcdConfig) (Shared, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	tls, err := c.tls()
	if err != nil {
		return nil, err
	}
	prefix := c.Prefix
	if prefix == "" {
		prefix = DefaultEtcdPrefix
	}
	client, err := clientv3.New(clientv3.Config{
		Endpoints: c.Endpoints, TLS: tls, Logger: zap.NewNop(),
		DialKeepAliveTime: etcdPing, DialKeepAliveTimeout: etcdPingWait, PermitWithoutStream: true,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", &c, err)
	}
	s := &etcdStore{client: client, prefix: strings.TrimSuffix(prefix, "/") + "/", name: c.String()}
	if _, err := s.Get(ctx, OwnerKey); err != nil {
		return nil, errors.Join(&fault.Error{
			Err:  err,
			Hint: "check its addresses (--etcd), that it is healthy (`etcdctl endpoint health`), and whether it wants a certificate (--etcd-ca, --etcd-cert, --etcd-key)",
		}, client.Close())
	}
	return s, nil
}

func (s *etcdStore) Close() error { return s.client.Close() }

func (s *etcdStore) Get(ctx context.Context, key string) ([]byte, error) {
	answer, err := s.read(ctx, s.prefix+key)
	if err != nil || len(answer.Kvs) == 0 {
		return nil, err
	}
	return answer.Kvs[0].Value, nil
}

// read reads the last written value. A member that hangs is not asked again.
func (s *etcdStore) read(ctx context.Context, key string, options ...clientv3.OpOption) (answer *clientv3.GetResponse, err error) {
	for range etcdTries {
		try, cancel := context.WithTimeout(ctx, etcdTry)
		answer, err = s.client.Get(try, key, options...)
		cancel()
		if err == nil || ctx.Err() != nil || !isUnavailable(err) {
			break
		}
	}
	return answer, s.wrap(ctx, err)
}

func (s *etcdStore) Scan(ctx context.Context, prefix string, visit func(string, []byte) error) error {
	_, err := s.scan(ctx, prefix, func(c Change) error { return visit(c.Key, c.Value) })
	return err
}

// scan is Scan, and also returns the revision that it has read.
func (s *etcdStore) scan(ctx context.Context, prefix string, visit func(Change) error) (revision int64, err error) {
	from, end := s.prefix+prefix, clientv3.GetPrefixRangeEnd(s.prefix+prefix)
	for {
		page, err := s.read(ctx, from, clientv3.WithRange(end), clientv3.WithLimit(scanPage), clientv3.WithRev(revision))
		if err != nil {
			return 0, err
		}
		if revision == 0 {
			revision = page.Header.Revision
		}
		for _, kv := range page.Kvs {
			change := Change{Key: strings.TrimPrefix(string(kv.Key), s.prefix), Value: kv.Value, Revision: kv.ModRevision}
			if err := visit(change); err != nil {
				return 0, err
			}
		}
		if !page.More {
			return revision, nil
		}
		from = string(page.Kvs[len(page.Kvs)-1].Key) + "\x00"
	}
}

// wrap returns an error of etcd with its cause, for users.
func (s *etcdStore) wrap(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case isUnavailable(err):
		return fmt.Errorf("%s: %w (%s)", s.name, ErrUnavailable, lastReason(err))
	}
	return fmt.Errorf("%s: %s", s.name, lastReason(err))
}

// isUnavailable reports whether a retry, or another member, may succeed.
func isUnavailable(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return true
	}
	switch codeOf(err) {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled:
		return true
	}
	// A timeout inside a member may have no code of its own.
	return strings.Contains(err.Error(), context.DeadlineExceeded.Error())
}

func codeOf(err error) codes.Code {
	var known rpctypes.EtcdError
	if errors.As(err, &known) {
		return known.Code()
	}
	return status.Code(err)
}

// lastReason returns the innermost reason in an error of etcd or gRPC.
func lastReason(err error) string {
	text := rpctypes.ErrorDesc(err)
	if strings.Contains(text, context.DeadlineExceeded.Error()) {
		return "no answer in time"
	}
	if at := strings.LastIndex(text, "desc = "); at >= 0 {
		text = strings.Trim(text[at+len("desc = "):], `"`)
	}
	return text
}
