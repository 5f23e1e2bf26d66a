package persistent

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"sloth-runner/internal/audit"
	"sloth-runner/internal/fault"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
)

// maxCertificate limits the size of a certificate from an operator, in bytes of DER.
const maxCertificate = 16 << 10

// certify replaces the certificate for the agent's key, possibly with another name, and stores it. Without a certificate
// it returns a certificate request. The certificate must be issued by the agent's own authority. An agent with a master
// gets its certificates there and refuses.
func (p *Agent) certify(ctx context.Context, certificate []byte) (request []byte, err error) {
	p.keeping.Lock()
	defer p.keeping.Unlock()
	if len(p.Config.Masters) > 0 {
		return nil, &fault.Error{Err: errors.New("this agent has a master, which gives it its name"), Hint: "join that master"}
	}
	if len(certificate) == 0 {
		return trust.Request(p.Holder.Current().Key)
	}
	name, err := p.useCertificate(certificate)
	entry := audit.Entry{Did: "Certify", What: "as " + name, Result: "done"}
	if err != nil {
		entry.Result = "failed: " + err.Error()
	}
	p.note(authz.Caller(ctx), entry)
	return nil, err
}

// useCertificate uses a certificate from an operator, and returns the agent's new name.
func (p *Agent) useCertificate(certificate []byte) (name string, err error) {
	current := p.Holder.Current()
	if len(certificate) > maxCertificate {
		return current.Name, errors.New("the certificate is too large")
	}
	cert, err := x509.ParseCertificate(certificate)
	if err != nil {
		return current.Name, errors.New("the certificate can't be read")
	}
	next := current.WithCertificate(cert)
	if err := next.Check(p.Holder.Now()); err != nil {
		return current.Name, err
	}
	// A certificate from before a rename may still be valid. Certificates are not secret: another caller could use it to
	// restore the agent's old name.
	if issued, has := trust.IssuedAt(cert), trust.IssuedAt(current.Cert); issued.Before(has) {
		return current.Name, &fault.Error{
			Err: fmt.Errorf("the certificate was issued at %s, before the one that the agent has, of %s",
				issued.UTC().Format(time.DateTime), has.UTC().Format(time.DateTime)),
			Hint: "check the clock of the operator's machine",
		}
	}
	if next.Role != trust.Agent {
		return current.Name, errors.New("the certificate is none of an agent")
	}
	if err := next.Save(p.Dir); err != nil {
		return current.Name, err
	}
	p.Holder.Renew(cert)
	p.Tell("is " + next.Name + " from now on")
	return next.Name, nil
}
