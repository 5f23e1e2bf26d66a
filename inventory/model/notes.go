package model

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// maxWarnings limits the warnings that are kept: a file with more is the wrong file.
const maxWarnings = 20

// SourcesRead returns the paths of all files of the inventory, in the order in which they were read.
func (inv *Inventory) SourcesRead() []string { return slices.Clone(inv.sources) }

// WasRead records a source and its text.
func (inv *Inventory) WasRead(path, text string) {
	inv.sources = append(inv.sources, path)
	if inv.digest == nil {
		inv.digest = sha256.New()
	}
	inv.digest.Write([]byte(text))
}

// SkipFile records a file of a directory that is skipped because of its name ending.
func (inv *Inventory) SkipFile(path string) { inv.passedOver = append(inv.passedOver, path) }

// Digest returns the SHA-256 of the concatenated texts of SourcesRead, in hex; "" when nothing was read. The text of a
// program is its output.
func (inv *Inventory) Digest() string {
	if inv.digest == nil {
		return ""
	}
	return hex.EncodeToString(inv.digest.Sum(nil))
}

// PassedOver returns the paths of the files in directories that were skipped because of their name endings, as in
// Ansible.
func (inv *Inventory) PassedOver() []string { return slices.Clone(inv.passedOver) }

// Warn adds a warning, up to a limit.
func (inv *Inventory) Warn(text string) {
	if len(inv.warnings) < maxWarnings {
		inv.warnings = append(inv.warnings, text)
	}
}

// WarnFirst adds a warning before the others.
func (inv *Inventory) WarnFirst(text string) { inv.warnings = slices.Insert(inv.warnings, 0, text) }

// Warnings returns a text for each thing that was skipped in the files, with file and line.
func (inv *Inventory) Warnings() []string { return slices.Clone(inv.warnings) }
