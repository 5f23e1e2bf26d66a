package journal

import "path/filepath"

// FilesDir is where the files that hosts send go. It is made when the first one comes.
func (r *Record) FilesDir() string { return filepath.Join(r.path, filesDir) }
