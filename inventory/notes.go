package inventory

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// maxWarnings is how many warnings are kept: who has more than that gave the wrong file.
const maxWarnings = 20

// SourcesRead are the paths of all files that the inventory was read from, in the order of their reading.
func (inv *contents) SourcesRead() []string { return slices.Clone(inv.sources) }

// wasRead notes a source and its text.
func (inv *contents) wasRead(path, text string) {
	inv.sources = append(inv.sources, path)
	if inv.digest == nil {
		inv.digest = sha256.New()
	}
	inv.digest.Write([]byte(text))
}

// skipFile notes a file of a directory that is not read for the end of its name.
func (inv *contents) skipFile(path string) { inv.passedOver = append(inv.passedOver, path) }

// Digest is the SHA-256 of the texts of SourcesRead behind each other, in hex; "" when nothing was read. Of a program it is
// what it printed.
func (inv *contents) Digest() string {
	if inv.digest == nil {
		return ""
	}
	return hex.EncodeToString(inv.digest.Sum(nil))
}

// PassedOver are the paths of files in directories that were not read, as Ansible does not, for the ends of their names.
func (inv *contents) PassedOver() []string { return slices.Clone(inv.passedOver) }

// warn adds a warning, as long as there are not too many.
func (inv *contents) warn(text string) {
	if len(inv.warnings) < maxWarnings {
		inv.warnings = append(inv.warnings, text)
	}
}

// warnFirst puts a warning in front of the others.
func (inv *contents) warnFirst(text string) { inv.warnings = slices.Insert(inv.warnings, 0, text) }

// Warnings are what was passed over in the files, one text each, with file and line.
func (inv *contents) Warnings() []string { return slices.Clone(inv.warnings) }
