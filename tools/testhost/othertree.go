package testhost

import (
	"io"
	"os"
	"path/filepath"

	"github.com/pkg/sftp"
)

// otherTree shows a directory as the root of all files over SFTP, as a server with ChrootDirectory does.
type otherTree struct{ root string }

func (o otherTree) path(r *sftp.Request) string {
	return filepath.Join(o.root, filepath.Clean(r.Filepath))
}

// Filewrite implements sftp.FileWriter. The directories of a file exist: they are also in the shell's file system.
func (o otherTree) Filewrite(r *sftp.Request) (io.WriterAt, error) {
	path := o.path(r)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
}

// Filecmd implements sftp.FileCmder.
func (o otherTree) Filecmd(r *sftp.Request) error {
	if r.Method == "Remove" {
		return os.Remove(o.path(r))
	}
	return sftp.ErrSSHFxOpUnsupported
}

// Fileread implements sftp.FileReader.
func (o otherTree) Fileread(*sftp.Request) (io.ReaderAt, error) {
	return nil, sftp.ErrSSHFxOpUnsupported
}

// Filelist implements sftp.FileLister.
func (o otherTree) Filelist(*sftp.Request) (sftp.ListerAt, error) {
	return nil, sftp.ErrSSHFxOpUnsupported
}

// handlers returns all of them.
func (o otherTree) handlers() sftp.Handlers {
	return sftp.Handlers{FileGet: o, FilePut: o, FileCmd: o, FileList: o}
}
