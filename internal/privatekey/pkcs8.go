package privatekey

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"hash"

	"golang.org/x/crypto/scrypt"
)

// PKCS8Type is the type of PEM blocks that OpenPKCS8 decrypts.
const PKCS8Type = "ENCRYPTED PRIVATE KEY"

// encryptedKey is EncryptedPrivateKeyInfo of RFC 5958 with the parameters of PBES2 (RFC 8018).
type encryptedKey struct {
	Algorithm struct {
		Algorithm  asn1.ObjectIdentifier
		Parameters struct{ KDF, Cipher pkix.AlgorithmIdentifier }
	}
	Data []byte
}

type pbkdf2Parameters struct {
	Salt       []byte
	Iterations int
	Length     int                      `asn1:"optional"`
	PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
}

type scryptParameters struct {
	Salt    []byte
	N, R, P int
	Length  int `asn1:"optional"`
}

const (
	oidPBES2  = "1.2.840.113549.1.5.13"
	oidPBKDF2 = "1.2.840.113549.1.5.12"
	oidScrypt = "1.3.6.1.4.1.11591.4.11"
)

// maxIterations limits the time for a file: some seconds, a thousand times the default of OpenSSL.
const maxIterations = 2_048_000

// pkcs8Cipher is a cipher of PBES2.
type pkcs8Cipher struct {
	keyLength int
	block     func(key []byte) (cipher.Block, error)
}

func pkcs8CipherOf(oid string) (pkcs8Cipher, bool) {
	c, known := map[string]pkcs8Cipher{
		"2.16.840.1.101.3.4.1.2":  {16, aes.NewCipher},
		"2.16.840.1.101.3.4.1.22": {24, aes.NewCipher},
		"2.16.840.1.101.3.4.1.42": {32, aes.NewCipher},
		"1.2.840.113549.3.7":      {24, des.NewTripleDESCipher},
	}[oid]
	return c, known
}

func hashOf(oid string) (func() hash.Hash, bool) {
	h, known := map[string]func() hash.Hash{
		"": sha1.New, "1.2.840.113549.2.7": sha1.New, "1.2.840.113549.2.8": sha256.New224, "1.2.840.113549.2.9": sha256.New,
		"1.2.840.113549.2.10": sha512.New384, "1.2.840.113549.2.11": sha512.New,
	}[oid]
	return h, known
}

// OpenPKCS8 returns the private key in a PEM block of PKCS8Type. The error is x509.IncorrectPasswordError when the
// passphrase is wrong.
func OpenPKCS8(der, passphrase []byte) (crypto.PrivateKey, error) {
	var file encryptedKey
	if rest, err := asn1.Unmarshal(der, &file); err != nil || len(rest) > 0 || file.Algorithm.Algorithm.String() != oidPBES2 {
		return nil, errors.New("PKCS#8 in a form that is not supported; PBES2 is")
	}
	how := file.Algorithm.Parameters
	c, known := pkcs8CipherOf(how.Cipher.Algorithm.String())
	if !known {
		return nil, fmt.Errorf("PKCS#8 with a cipher that is not supported (OID %s); AES-CBC and 3DES are", how.Cipher.Algorithm)
	}
	key, err := deriveKey(how.KDF, passphrase, c.keyLength)
	if err != nil {
		return nil, err
	}
	plain, err := c.decrypt(how.Cipher, key, file.Data)
	if err != nil {
		return nil, err
	}
	private, err := x509.ParsePKCS8PrivateKey(plain)
	if err != nil {
		return nil, x509.IncorrectPasswordError // by chance the padding was right
	}
	return private, nil
}

func deriveKey(kdf pkix.AlgorithmIdentifier, passphrase []byte, length int) ([]byte, error) {
	damaged := errors.New("PKCS#8 with invalid parameters")
	switch kdf.Algorithm.String() {
	case oidPBKDF2:
		var p pbkdf2Parameters
		if _, err := asn1.Unmarshal(kdf.Parameters.FullBytes, &p); err != nil || p.Iterations < 1 || p.Iterations > maxIterations {
			return nil, damaged
		}
		h, known := hashOf(p.PRF.Algorithm.String())
		if !known {
			return nil, fmt.Errorf("PKCS#8 with a hash that is not supported (OID %s)", p.PRF.Algorithm)
		}
		return pbkdf2.Key(h, string(passphrase), p.Salt, p.Iterations, length)
	case oidScrypt:
		var p scryptParameters
		const most = 1 << 20 // N; with R it is the memory, 128 bytes each
		if _, err := asn1.Unmarshal(kdf.Parameters.FullBytes, &p); err != nil ||
			p.N < 2 || p.N > most || p.R < 1 || p.R > 16 || p.P < 1 || p.P > 16 {
			return nil, damaged
		}
		return scrypt.Key(passphrase, p.Salt, p.N, p.R, p.P, length)
	}
	return nil, fmt.Errorf("PKCS#8 with a key derivation that is not supported (OID %s)", kdf.Algorithm)
}

// decrypt decrypts data and removes the padding.
func (c pkcs8Cipher) decrypt(how pkix.AlgorithmIdentifier, key, data []byte) ([]byte, error) {
	block, err := c.block(key)
	if err != nil {
		return nil, err
	}
	var iv []byte
	size := block.BlockSize()
	if _, err := asn1.Unmarshal(how.Parameters.FullBytes, &iv); err != nil || len(iv) != size || len(data) == 0 || len(data)%size != 0 {
		return nil, errors.New("PKCS#8 that is damaged")
	}
	plain := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, data)
	pad := int(plain[len(plain)-1])
	if pad == 0 || pad > size || !bytes.Equal(plain[len(plain)-pad:], bytes.Repeat([]byte{byte(pad)}, pad)) {
		return nil, x509.IncorrectPasswordError
	}
	return plain[:len(plain)-pad], nil
}
