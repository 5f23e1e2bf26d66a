package privatekey

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/subtle"
	"crypto/x509"

	"golang.org/x/crypto/chacha20"
	//lint:ignore SA1019 no other package has the tag by itself
	"golang.org/x/crypto/poly1305"
)

// opensshCipher is a cipher that OpenSSH encrypts private keys with. open decrypts data; the authentication tag, if the
// cipher has one, follows the data.
type opensshCipher struct {
	keyLength, ivLength int
	open                func(key, iv, data, tag []byte) ([]byte, error)
}

func opensshCipherOf(name string) (opensshCipher, bool) {
	c, known := map[string]opensshCipher{
		"aes128-ctr":                    {16, aes.BlockSize, ctr},
		"aes192-ctr":                    {24, aes.BlockSize, ctr},
		"aes256-ctr":                    {32, aes.BlockSize, ctr},
		"aes128-cbc":                    {16, aes.BlockSize, cbc(aes.NewCipher)},
		"aes192-cbc":                    {24, aes.BlockSize, cbc(aes.NewCipher)},
		"aes256-cbc":                    {32, aes.BlockSize, cbc(aes.NewCipher)},
		"3des-cbc":                      {24, des.BlockSize, cbc(des.NewTripleDESCipher)},
		"aes128-gcm@openssh.com":        {16, 12, gcm},
		"aes256-gcm@openssh.com":        {32, 12, gcm},
		"chacha20-poly1305@openssh.com": {64, 0, chacha},
	}[name]
	return c, known
}

func ctr(key, iv, data, _ []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, len(data))
	cipher.NewCTR(block, iv).XORKeyStream(plain, data)
	return plain, nil
}

func cbc(newBlock func([]byte) (cipher.Block, error)) func(key, iv, data, _ []byte) ([]byte, error) {
	return func(key, iv, data, _ []byte) ([]byte, error) {
		block, err := newBlock(key)
		if err != nil {
			return nil, err
		}
		if len(data)%block.BlockSize() != 0 {
			return nil, errDamaged
		}
		plain := make([]byte, len(data))
		cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, data)
		return plain, nil
	}
}

func gcm(key, iv, data, tag []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	if len(tag) != aead.Overhead() {
		return nil, errDamaged
	}
	plain, err := aead.Open(nil, iv, append(data[:len(data):len(data)], tag...), nil)
	if err != nil {
		return nil, x509.IncorrectPasswordError
	}
	return plain, nil
}

// chacha decrypts with chacha20-poly1305@openssh.com (PROTOCOL.chacha20poly1305), as packet 0 without a header. The
// second half of the key is for headers, and not used.
func chacha(key, _, data, tag []byte) ([]byte, error) {
	stream, err := chacha20.NewUnauthenticatedCipher(key[:chacha20.KeySize], make([]byte, chacha20.NonceSize))
	if err != nil {
		return nil, err
	}
	var tagKey [32]byte
	stream.XORKeyStream(tagKey[:], tagKey[:])
	var want [poly1305.TagSize]byte
	poly1305.Sum(&want, data, &tagKey)
	if len(tag) != len(want) {
		return nil, errDamaged
	}
	if subtle.ConstantTimeCompare(want[:], tag) == 0 {
		return nil, x509.IncorrectPasswordError
	}
	plain := make([]byte, len(data))
	stream.SetCounter(1)
	stream.XORKeyStream(plain, data)
	return plain, nil
}
