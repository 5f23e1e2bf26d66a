package privatekey

import (
	"bytes"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
)

// OpenSSHType is the type of PEM blocks that OpenOpenSSH decrypts. PROTOCOL.key of OpenSSH describes the format.
const OpenSSHType = "OPENSSH PRIVATE KEY"

const magic = "openssh-key-v1\x00"

// maxRounds limits the time for a file, as in x/crypto/ssh: it is 128 times the default of ssh-keygen.
const maxRounds = 2048

var errDamaged = errors.New("OpenSSH's format, but damaged")

// OpenOpenSSH decrypts the content of a PEM block of OpenSSHType. The result is the content of a block without a
// passphrase. The error is x509.IncorrectPasswordError when the passphrase is wrong.
func OpenOpenSSH(data, passphrase []byte) ([]byte, error) {
	rest, found := bytes.CutPrefix(data, []byte(magic))
	if !found {
		return nil, errDamaged
	}
	r := reader{rest: rest}
	cipherName, kdf, options := string(r.text()), string(r.text()), r.text()
	keys, public, private := r.number(), r.text(), r.text()
	if r.failed || keys != 1 {
		return nil, errDamaged
	}
	c, known := opensshCipherOf(cipherName)
	if !known || kdf != "bcrypt" {
		return nil, fmt.Errorf("OpenSSH's format with cipher %.40q and key derivation %.40q, which are not supported", cipherName, kdf)
	}
	o := reader{rest: options}
	salt, rounds := o.text(), o.number()
	if o.failed || len(salt) == 0 || rounds < 1 || rounds > maxRounds {
		return nil, errDamaged
	}
	key := bcryptPBKDF(passphrase, salt, int(rounds), c.keyLength+c.ivLength)
	plain, err := c.open(key[:c.keyLength], key[c.keyLength:], private, r.rest)
	if err != nil {
		return nil, err
	}
	// The passphrase is right if both numbers are the same.
	if len(plain) < 8 || !bytes.Equal(plain[:4], plain[4:8]) {
		return nil, x509.IncorrectPasswordError
	}
	out := []byte(magic)
	for _, text := range [][]byte{[]byte("none"), []byte("none"), nil} {
		out = appendText(out, text)
	}
	out = binary.BigEndian.AppendUint32(out, 1)
	return appendText(appendText(out, public), plain), nil
}

// reader reads numbers and strings in the format of the SSH protocol (RFC 4251, section 5).
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) number() uint32 {
	if len(r.rest) < 4 {
		r.failed, r.rest = true, nil
		return 0
	}
	n := binary.BigEndian.Uint32(r.rest)
	r.rest = r.rest[4:]
	return n
}

func (r *reader) text() []byte {
	n := r.number()
	if uint64(n) > uint64(len(r.rest)) {
		r.failed, r.rest = true, nil
		return nil
	}
	text := r.rest[:n]
	r.rest = r.rest[n:]
	return text
}

func appendText(to, text []byte) []byte {
	return append(binary.BigEndian.AppendUint32(to, uint32(len(text))), text...)
}
