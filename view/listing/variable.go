package listing

import (
	"encoding/json"
	"fmt"
	"strconv"

	"sloth-runner/inventory/model"
)

// shownVar is a variable, where it stands, and what it overrides, the strongest first.
type shownVar struct {
	Value any    `json:"value"`
	From  string `json:"from"`
	File  string `json:"file"`
	Line  int    `json:"line,omitempty"`
	// Unused is why the variable decides nothing.
	Unused    string     `json:"unused,omitempty"`
	Overrides []shownVar `json:"overrides,omitempty"`
}

func newShownVar(value model.Value) shownVar {
	return shownVar{Value: shownValue(value), From: value.From, File: value.File, Line: value.Line}
}

// place is "hosts.ini:3".
func (v *shownVar) place() string {
	if v.Line == 0 {
		return v.File
	}
	return v.File + ":" + strconv.Itoa(v.Line)
}

// text returns the value as in JSON, but a text without its quotes. The bytes of an encrypted value are not shown.
func (v *shownVar) text() string {
	if model.InVault(v.Value) {
		return "(encrypted with Ansible Vault)"
	}
	if text, ok := v.Value.(string); ok {
		return text
	}
	data, err := json.Marshal(v.Value)
	if err != nil {
		return fmt.Sprint(v.Value)
	}
	return string(data)
}
