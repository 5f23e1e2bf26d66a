// Package algorithms chooses the algorithms of an SSH connection: the usual ones are those of OpenSSH 10, and the lists of
// ssh_config(5) change them as they change those of ssh. Names that x/crypto/ssh does not know are left out, since the list
// may be one for a newer ssh; a list of which nothing is left is an error. Where both sides have nothing in common, it says
// what each has and which option helps.
package algorithms
