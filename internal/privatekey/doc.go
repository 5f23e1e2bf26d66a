// Package privatekey decrypts private key files that ssh(1) supports and golang.org/x/crypto/ssh does not: PKCS#8, as
// OpenSSL writes it, and OpenSSH's own format with ciphers other than aes256-ctr and aes256-cbc.
//
// It uses the standard library. github.com/youmark/pkcs8 lacks the SHA-2 variants of PBKDF2 and checks for damaged
// files, on some of which it panics. The bcrypt_pbkdf of x/crypto is internal.
package privatekey
