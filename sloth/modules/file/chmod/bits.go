package chmod

import "io/fs"

// Permissions are the bits of a mode that chmod changes.
const Permissions = fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky

// shifts say where the permissions of owner, group and others are in the system's mode, special which bit beyond them is theirs.
var (
	shifts  = map[rune]uint32{'u': 6, 'g': 3, 'o': 0}
	special = map[rune]uint32{'u': 0o4000, 'g': 0o2000, 'o': 0o1000}
)

// Bits returns the permissions as the system has them.
func Bits(mode fs.FileMode) uint32 {
	bits := uint32(mode.Perm())
	if mode&fs.ModeSetuid != 0 {
		bits |= 0o4000
	}
	if mode&fs.ModeSetgid != 0 {
		bits |= 0o2000
	}
	if mode&fs.ModeSticky != 0 {
		bits |= 0o1000
	}
	return bits
}

// fromBits is the reverse of Bits.
func fromBits(bits uint32) fs.FileMode {
	mode := fs.FileMode(bits & 0o777)
	if bits&0o4000 != 0 {
		mode |= fs.ModeSetuid
	}
	if bits&0o2000 != 0 {
		mode |= fs.ModeSetgid
	}
	if bits&0o1000 != 0 {
		mode |= fs.ModeSticky
	}
	return mode
}
