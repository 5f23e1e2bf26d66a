package state

import "sloth-runner/proto"

// moving is a file on its way to a host or from there, in bytes.
type moving struct{ moved, size int64 }

// noteFile notes how far a file is. Only files that take a while have an event before the last.
func (h *Host) noteFile(file *proto.HostFile) {
	if file.GetFinished() || file.GetFailure() != "" {
		delete(h.files, file.GetPath())
		return
	}
	if h.files == nil {
		h.files = map[string]moving{}
	}
	h.files[file.GetPath()] = moving{file.GetMoved(), file.GetSize()}
}

// Moving returns how many bytes of the files that are on their way were moved, and how many they have.
func (h *Host) Moving() (moved, size int64) {
	for _, file := range h.files {
		moved, size = moved+file.moved, size+file.size
	}
	return moved, size
}
