package release

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

// record is what a directory has in .releases.json.
type record struct {
	// Staged are the versions that are complete, in the order in which they were.
	Staged []string `json:"staged"`
	// Unfinished are those that are being filled or removed, or were when a run was killed.
	Unfinished []string `json:"unfinished,omitempty"`
	// Used are the versions that were used one after the other; the last one is. A rollback takes it off.
	Used []string `json:"used"`
	// Next is the version that the link is about to lead to.
	Next string `json:"next,omitempty"`
}

const (
	// mostUsed is how many versions are remembered.
	mostUsed = 50
	maxBytes = 1 << 20
)

// read reads the record of a directory, and brings it to the version that the link leads to: a run may have been killed between
// the two, or the link was changed by something else.
func (b base) read(ctx module.Context, used string) (record, error) {
	var r record
	text, err := ctx.Host.Read(ctx, b.record(), maxBytes)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return r, b.failed(fmt.Errorf("its record %s can't be read: %w; repair it, or remove it to begin anew", quote.Path(b.record()), err))
	}
	for _, name := range slices.Concat(r.Staged, r.Unfinished, r.Used) {
		if err := checkName(name); err != nil {
			return r, b.failed(fmt.Errorf("in its record %s, %w", quote.Path(b.record()), err))
		}
	}
	r.settle(used)
	return r, nil
}

// settle brings the versions that were used to the one that is.
func (r *record) settle(used string) {
	if r.Next != "" && r.Next == used {
		r.Used = append(r.Used, used)
	}
	r.Next = ""
	at := len(r.Used) - 1
	for at >= 0 && r.Used[at] != used {
		at--
	}
	switch {
	case used == "":
		r.Used = nil
	case at < 0: // something else made the link: what was before is not known
		r.Used = []string{used}
	default:
		r.Used = slices.Compact(r.Used[:at+1])
	}
}

// before returns the version that was used before the one that is; "": it is not known.
func (r *record) before() string {
	if len(r.Used) < 2 {
		return ""
	}
	return r.Used[len(r.Used)-2]
}

// add puts a name at the end of a list, once.
func add(list []string, name string) []string { return append(without(list, name), name) }

func without(list []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(other string) bool { return other == name })
}

// write writes the record, and brings the directory with its link to the disk.
func (b base) write(ctx module.Context, r record) error {
	r.Used = r.Used[max(0, len(r.Used)-mostUsed):]
	text, err := json.MarshalIndent(r, "", "  ")
	if err == nil {
		err = ctx.Host.Write(ctx, b.record(), append(text, '\n'), module.Attributes{})
	}
	if err != nil {
		return b.failed(fmt.Errorf("write its record: %w", err))
	}
	return nil
}
