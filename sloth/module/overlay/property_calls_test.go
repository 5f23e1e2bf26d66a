package overlay

import (
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"

	"pgregory.net/rapid"

	"sloth-runner/sloth/module"
)

// call is a kind of call: draw returns one with its arguments.
type call struct {
	name string
	draw func(t *rapid.T) func(t *rapid.T, s side) string
}

var names = rapid.SampledFrom([]string{"a", "b", "c", "d", "f", "l", "n", "unread", "closed", "fixed", "..", "."})

func drawPath(t *rapid.T, label string) string {
	parts := rapid.SliceOfN(names, 1, 4).Draw(t, label)
	path := strings.Join(parts, "/")
	// Above the directory is what both sides share.
	if strings.HasPrefix(filepath.Clean(path), "..") || strings.Count(path, "..") > 1 || strings.HasPrefix(path, "..") {
		return parts[len(parts)-1] + "n"
	}
	if rapid.IntRange(0, 9).Draw(t, "slash") == 0 {
		path += "/"
	}
	return path
}

var modes = rapid.SampledFrom([]fs.FileMode{0o644, 0o600, 0o755, 0o500, 0o000, 0o700, fs.ModeSetuid | 0o755, fs.ModeSetgid | 0o775, fs.ModeSticky | 0o777})

var flagSets = rapid.SampledFrom([]int{
	syscall.O_RDONLY, syscall.O_RDWR, syscall.O_WRONLY | syscall.O_CREAT | syscall.O_TRUNC, syscall.O_RDWR | syscall.O_CREAT | syscall.O_TRUNC,
	syscall.O_WRONLY | syscall.O_CREAT | syscall.O_APPEND, syscall.O_RDWR | syscall.O_CREAT | syscall.O_APPEND,
	syscall.O_WRONLY | syscall.O_CREAT | syscall.O_EXCL,
})

var calls = rapid.SampledFrom([]call{
	onPath("stat", func(t *rapid.T, s side, path string) string {
		info, err := s.files.Stat(t.Context(), path)
		return s.said(err, described(info, err))
	}),
	onPath("lstat", func(t *rapid.T, s side, path string) string {
		info, err := s.files.Lstat(t.Context(), path)
		return s.said(err, described(info, err))
	}),
	onPath("executable", func(t *rapid.T, s side, path string) string {
		is, err := s.files.Executable(t.Context(), path)
		return s.said(err, is)
	}),
	onPath("list", func(t *rapid.T, s side, path string) string {
		list, err := s.files.List(t.Context(), path)
		return s.said(err, list)
	}),
	onPath("read", func(t *rapid.T, s side, path string) string {
		content, err := s.files.Read(t.Context(), path, 1<<20)
		return s.said(err, string(content))
	}),
	onPath("readlink", func(t *rapid.T, s side, path string) string {
		target, err := s.files.Readlink(t.Context(), path)
		return s.said(err, target)
	}),
	onPath("remove", func(t *rapid.T, s side, path string) string { return s.said(s.files.Remove(t.Context(), path)) }),
	onPath("remove", func(t *rapid.T, s side, path string) string { return s.said(s.files.Remove(t.Context(), path)) }),
	{"mkdir", func(t *rapid.T) func(*rapid.T, side) string {
		path, mode := drawPath(t, "path"), modes.Draw(t, "mode")
		return func(t *rapid.T, s side) string { return s.said(s.files.Mkdir(t.Context(), s.path(path), mode)) }
	}},
	{"chmod", func(t *rapid.T) func(*rapid.T, side) string {
		path, mode := drawPath(t, "path"), modes.Draw(t, "mode")
		return func(t *rapid.T, s side) string { return s.said(s.files.Chmod(t.Context(), s.path(path), mode)) }
	}},
	{"chown", func(t *rapid.T) func(*rapid.T, side) string {
		path, ids := drawPath(t, "path"), rapid.SampledFrom([]int{-1, 0, 65533, 65534, 12})
		uid, gid := ids.Draw(t, "uid"), ids.Draw(t, "gid")
		return func(t *rapid.T, s side) string { return s.said(s.files.Chown(t.Context(), s.path(path), uid, gid)) }
	}},
	{"symlink", func(t *rapid.T) func(*rapid.T, side) string {
		target, path := drawPath(t, "target"), drawPath(t, "path")
		absolute := rapid.Bool().Draw(t, "absolute")
		return func(t *rapid.T, s side) string {
			to := target
			if absolute {
				to = s.path(target)
			}
			return s.said(s.files.Symlink(t.Context(), to, s.path(path)))
		}
	}},
	{"rename", func(t *rapid.T) func(*rapid.T, side) string {
		from, to := drawPath(t, "from"), drawPath(t, "to")
		return func(t *rapid.T, s side) string {
			return s.said(s.files.Rename(t.Context(), s.path(from), s.path(to)))
		}
	}},
	{"write", func(t *rapid.T) func(*rapid.T, side) string {
		// Package filepath follows ".." by the letters where it evaluates links.
		path := strings.TrimSuffix(strings.ReplaceAll(drawPath(t, "path"), "..", "d"), "/")
		text := rapid.StringMatching("[xyz]{0,6}").Draw(t, "text")
		attributes := module.Attributes{}
		if rapid.Bool().Draw(t, "with mode") {
			mode := modes.Draw(t, "mode")
			attributes.Mode = &mode
		}
		return func(t *rapid.T, s side) string {
			return s.said(s.files.Write(t.Context(), s.path(path), []byte(text), attributes))
		}
	}},
	{"open", func(t *rapid.T) func(*rapid.T, side) string {
		path, flags, mode, slot := drawPath(t, "path"), flagSets.Draw(t, "flags"), modes.Draw(t, "mode"), rapid.IntRange(0, 2).Draw(t, "slot")
		return func(t *rapid.T, s side) string {
			file, err := s.files.Open(t.Context(), s.path(path), flags, mode)
			if err != nil {
				return s.said(err)
			}
			if info, err := s.files.Stat(t.Context(), s.path(path)); err == nil && info.Mode.IsDir() { // where it ends is the file system's own
				return s.said(file.Close(t.Context()))
			}
			if old := s.open[slot]; old != nil {
				_ = old.Close(t.Context())
			}
			s.open[slot] = file
			return s.said(err)
		}
	}},
	{"use", func(t *rapid.T) func(*rapid.T, side) string {
		slot, how, n := rapid.IntRange(0, 2).Draw(t, "slot"), rapid.IntRange(0, 3).Draw(t, "how"), rapid.IntRange(-3, 8).Draw(t, "n")
		text := rapid.StringMatching("[pq]{1,5}").Draw(t, "text")
		return func(t *rapid.T, s side) string {
			file := s.open[slot]
			if file == nil {
				return ""
			}
			switch how {
			case 0:
				written, err := file.Write(t.Context(), []byte(text))
				return s.said(err, written)
			case 1:
				buffer := make([]byte, 4)
				got, err := file.Read(t.Context(), buffer)
				if err == io.EOF {
					return "end"
				}
				return s.said(err, string(buffer[:got]))
			case 2:
				at, err := file.Seek(t.Context(), int64(n), io.SeekCurrent)
				return s.said(err, at)
			}
			at, err := file.Seek(t.Context(), int64(n), io.SeekEnd)
			return s.said(err, at)
		}
	}},
})

// onPath is a call with a path alone.
func onPath(name string, made func(t *rapid.T, s side, path string) string) call {
	return call{name, func(t *rapid.T) func(*rapid.T, side) string {
		path := drawPath(t, "path")
		if rapid.IntRange(0, 30).Draw(t, "long") == 0 {
			path += strings.Repeat("x", 256)
		}
		return func(t *rapid.T, s side) string { return made(t, s, s.path(path)) }
	}}
}
