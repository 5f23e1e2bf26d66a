package privatekey

import (
	"crypto/sha512"
	"encoding/binary"

	//lint:ignore SA1019 OpenSSH's format of private keys is defined with Blowfish.
	"golang.org/x/crypto/blowfish"
)

// bcryptPBKDF derives a key from a passphrase, like bcrypt_pbkdf.c of OpenBSD and OpenSSH.
func bcryptPBKDF(passphrase, salt []byte, rounds, length int) []byte {
	const size = bcryptSize
	blocks := (length + size - 1) / size
	key := make([]byte, blocks*size)
	secret := sha512.Sum512(passphrase)
	for block := range blocks {
		of := sha512.Sum512(binary.BigEndian.AppendUint32(append([]byte(nil), salt...), uint32(block+1)))
		one := bcryptHash(secret[:], of[:])
		sum := one
		for range rounds - 1 {
			of = sha512.Sum512(one[:])
			one = bcryptHash(secret[:], of[:])
			for i := range sum {
				sum[i] ^= one[i]
			}
		}
		for i, b := range sum {
			key[i*blocks+block] = b // the bytes of the blocks are interleaved
		}
	}
	return key[:length]
}

const bcryptSize = 32

func bcryptHash(secret, salt []byte) (hash [bcryptSize]byte) {
	// It fails only for an empty key.
	c, _ := blowfish.NewSaltedCipher(secret, salt)
	for range 64 {
		blowfish.ExpandKey(salt, c)
		blowfish.ExpandKey(secret, c)
	}
	copy(hash[:], "OxychromaticBlowfishSwatDynamite")
	for i := 0; i < len(hash); i += blowfish.BlockSize {
		for range 64 {
			c.Encrypt(hash[i:], hash[i:])
		}
	}
	for i := 0; i < len(hash); i += 4 {
		binary.LittleEndian.PutUint32(hash[i:], binary.BigEndian.Uint32(hash[i:]))
	}
	return hash
}
