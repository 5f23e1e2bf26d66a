// Package privatekey opens files of private keys with a passphrase that ssh(1) opens and golang.org/x/crypto/ssh does not:
// PKCS#8, as OpenSSL writes it, and OpenSSH's own format with another cipher than aes256-ctr and aes256-cbc.
//
// It is code of our own over the standard library: github.com/youmark/pkcs8 has neither the SHA-2 variants of PBKDF2 nor
// checks on what a damaged file says, and panics on some; x/crypto keeps its bcrypt_pbkdf to itself.
package privatekey
