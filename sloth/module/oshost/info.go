package oshost

import (
	"io/fs"
	"time"

	"golang.org/x/sys/unix"

	"sloth-runner/sloth/module"
)

// infoOf describes what the system says of a file.
func infoOf(stat *unix.Stat_t) module.Info {
	return module.Info{
		Mode: modeOf(uint32(stat.Mode)), Size: stat.Size, UID: int(stat.Uid), GID: int(stat.Gid),
		Modified: time.Unix(stat.Mtim.Unix()), Links: uint64(stat.Nlink), Device: uint64(stat.Dev), Inode: stat.Ino,
	}
}

// types are those of a file, as the system writes them.
var types = map[uint32]fs.FileMode{
	unix.S_IFDIR: fs.ModeDir, unix.S_IFLNK: fs.ModeSymlink, unix.S_IFIFO: fs.ModeNamedPipe, unix.S_IFSOCK: fs.ModeSocket,
	unix.S_IFBLK: fs.ModeDevice, unix.S_IFCHR: fs.ModeDevice | fs.ModeCharDevice,
}

// special are the bits of a mode that are not permissions.
var special = map[uint32]fs.FileMode{unix.S_ISUID: fs.ModeSetuid, unix.S_ISGID: fs.ModeSetgid, unix.S_ISVTX: fs.ModeSticky}

// modeOf is a mode of the system as Go writes it.
func modeOf(bits uint32) fs.FileMode {
	mode := fs.FileMode(bits&0o777) | types[bits&unix.S_IFMT]
	for bit, is := range special {
		if bits&bit != 0 {
			mode |= is
		}
	}
	return mode
}

// systemMode are the permissions of a mode as the system writes them.
func systemMode(mode fs.FileMode) uint32 {
	bits := uint32(mode.Perm())
	for bit, is := range special {
		if mode&is != 0 {
			bits |= bit
		}
	}
	return bits
}
