package model

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// maxWarnings is how many warnings are kept: who has more than that gave the wrong file.
const maxWarnings = 20

// SourcesRead are the paths of all files that the inventory was read from, in the order of their reading.
func (inv *Inventory) SourcesRead() []string { return slices.Clone(inv.sources) }

// WasRead notes a source and its text.
func (inv *Inventory) WasRead(path, text string) {
	inv.sources = append(inv.sources, path)
	if inv.digest == nil {
		inv.digest = sha256.New()
	}
	inv.digest.Write([]byte(text))
}

// SkipFile notes a file of a directory that is not read for the end of its name.
func (inv *Inventory) SkipFile(path string) { inv.passedOver = append(inv.passedOver, path) }

// Digest is the SHA-256 of the texts of SourcesRead behind each other, in hex; "" when nothing was read. Of a program it is
// what it printed.
func (inv *Inventory) Digest() string {
	if inv.digest == nil {
		return ""
	}
	return hex.EncodeToString(inv.digest.Sum(nil))
}

// PassedOver are the paths of files in directories that were not read, as Ansible does not, for the ends of their names.
func (inv *Inventory) PassedOver() []string { return slices.Clone(inv.passedOver) }

// Warn adds a warning, as long as there are not too many.
func (inv *Inventory) Warn(text string) {
	if len(inv.warnings) < maxWarnings {
		inv.warnings = append(inv.warnings, text)
	}
}

// WarnFirst puts a warning in front of the others.
func (inv *Inventory) WarnFirst(text string) { inv.warnings = slices.Insert(inv.warnings, 0, text) }

// Warnings are what was passed over in the files, one text each, with file and line.
func (inv *Inventory) Warnings() []string { return slices.Clone(inv.warnings) }
