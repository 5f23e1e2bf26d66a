package trust

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"sloth-runner/internal/atomicfile"
	"sloth-runner/internal/bounded"
	"sloth-runner/internal/fault"
)

// The files of a directory with credentials, and of a directory with an authority. Keys have mode 0600, and the
// directory 0700.
const (
	// KeyFile is exported for code that makes a key before there is a certificate for it.
	KeyFile         = "key.pem"
	certificateFile = "certificate.pem"
	authorityFile   = "authority.pem"
	authorityKey    = "authority-key.pem"
	revocationsFile = "revocations.der"
)

// maxFile limits the size of a file that is read, in bytes. The largest is a list of revocations.
const maxFile = 4 << 20

// LoadCredentials reads the credentials of a directory. It returns fs.ErrNotExist when there are none. It does not
// check them.
func LoadCredentials(dir string) (*Credentials, error) {
	certPEM, err := readFile(dir, certificateFile)
	if err != nil {
		return nil, err
	}
	c := &Credentials{}
	if c.Cert, err = DecodeCertificate(certPEM); err != nil {
		return nil, inFile(dir, certificateFile, err)
	}
	if c.Identity, err = IdentityOf(c.Cert); err != nil {
		return nil, inFile(dir, certificateFile, err)
	}
	if c.Authority, err = readCertificate(dir, authorityFile); err != nil {
		return nil, err
	}
	if c.Key, err = readKey(dir, KeyFile); err != nil {
		return nil, err
	}
	der, err := readFile(dir, revocationsFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c, nil
	case err != nil:
		return nil, err
	}
	if c.Revocations, err = ParseRevocations(der, c.Authority); err != nil {
		return nil, inFile(dir, revocationsFile, err)
	}
	return c, nil
}

// Save writes credentials into a directory, which it creates if necessary. The certificate is written last: with it
// they are complete.
func (c *Credentials) Save(dir string) error {
	key, err := EncodeKey(c.Key)
	if err != nil {
		return err
	}
	files := []file{{authorityFile, EncodeCertificate(c.Authority), 0o644}, {KeyFile, key, 0o600}}
	if der := c.Revocations.DER(); der != nil {
		files = append(files, file{revocationsFile, der, 0o644})
	} else if err := forget(dir, revocationsFile); err != nil {
		// Revocations of another authority, from before a move, can't be verified.
		return err
	}
	return writeFiles(dir, append(files, file{certificateFile, EncodeCertificate(c.Cert), 0o644}))
}

// LoadAuthority reads an authority. It returns fs.ErrNotExist when there is none.
func LoadAuthority(dir string) (*Authority, error) {
	cert, err := readCertificate(dir, authorityFile)
	if err != nil {
		return nil, err
	}
	key, err := readKey(dir, authorityKey)
	if err != nil {
		return nil, err
	}
	return &Authority{cert: cert, key: key}, nil
}

// Save writes the authority into a directory, which it creates if necessary.
func (a *Authority) Save(dir string) error {
	key, err := EncodeKey(a.key)
	if err != nil {
		return err
	}
	return writeFiles(dir, []file{{authorityKey, key, 0o600}, {authorityFile, EncodeCertificate(a.cert), 0o644}})
}

func readCertificate(dir, name string) (*x509.Certificate, error) {
	data, err := readFile(dir, name)
	if err != nil {
		return nil, err
	}
	cert, err := DecodeCertificate(data)
	if err != nil {
		return nil, inFile(dir, name, err)
	}
	return cert, nil
}

// LoadKey reads the private key of a directory, which may have no certificate yet.
func LoadKey(dir string) (crypto.Signer, error) { return readKey(dir, KeyFile) }

func readKey(dir, name string) (crypto.Signer, error) {
	path := filepath.Join(dir, name)
	info, err := os.Stat(path)
	if err != nil {
		return nil, plainPath(path, err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, &fault.Error{
			Err:  fmt.Errorf("%s can be read by others (mode %04o)", path, info.Mode().Perm()),
			Hint: "another user may have copied the key; if you are sure that none has, chmod 600 it",
		}
	}
	data, err := readFile(dir, name)
	if err != nil {
		return nil, err
	}
	key, err := DecodeKey(data)
	if err != nil {
		return nil, inFile(dir, name, err)
	}
	return key, nil
}

func readFile(dir, name string) ([]byte, error) {
	path := filepath.Join(dir, name)
	data, err := bounded.ReadFile(path, maxFile)
	if err != nil {
		return nil, plainPath(path, err)
	}
	return data, nil
}

// plainPath drops the operation from a file's error.
func plainPath(path string, err error) error {
	if cause := errors.Unwrap(err); cause != nil {
		err = cause
	}
	return fmt.Errorf("%s: %w", path, err)
}

func inFile(dir, name string, err error) error {
	return fmt.Errorf("%s: %w", filepath.Join(dir, name), err)
}

type file struct {
	name string
	data []byte
	mode fs.FileMode
}

func forget(dir, name string) error {
	path := filepath.Join(dir, name)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return plainPath(path, err)
	}
	return nil
}

// WriteFile writes a file into a directory of credentials, which it creates if necessary. The write is atomic.
func WriteFile(dir, name string, data []byte, mode fs.FileMode) error {
	return writeFiles(dir, []file{{name, data, mode}})
}

func writeFiles(dir string, files []file) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return plainPath(dir, err)
	}
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		if err := atomicfile.Write(path, f.data, f.mode); err != nil {
			return plainPath(path, err)
		}
	}
	return nil
}
