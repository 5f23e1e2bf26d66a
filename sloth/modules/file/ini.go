package file

import (
	"math"
	"strconv"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/modules/file/edit"
)

func iniFunction() module.Function {
	return module.Function{
		Name: "ini",
		Doc: "Has an INI file have a key with a value, or not: lines \"key = value\" or \"key: value\" below a line \"[section]\". Comments, order, spacing and quotes stay " +
			"as they are; a new key comes behind the last one of its section, a new section at the end. What stands behind the delimiter is the value, to the end of the line: no comment " +
			"is looked for there. Names are compared as they are. A key that stands several times in its section is an error, unless each has the value; absent removes all of them.",
		Example: `local config = os.tmpname()
file.write(config, { content = "[server]\n# for all\nport=80\n" })
file.ini(config, { section = "server", key = "port", value = 8080 })
file.ini(config, { section = "server", key = "tls", value = true })
local text = io.open(config):read("*a")
os.remove(config)
return text == "[server]\n# for all\nport=8080\ntls=true\n", text`,
		Run: module.Run(ini),
	}
}

type iniOptions struct {
	Path    string   `lua:"path,arg" help:"the file"`
	Section string   `lua:"section" help:"the section, without its brackets; default: what stands before the first one"`
	Key     string   `lua:"key" help:"the key; required, but where a whole section is to be absent"`
	Value   iniValue `lua:"value" help:"its value, on one line; it is put into the quotes that the old value has; required, but with absent"`
	Absent  bool     `lua:"absent" help:"remove the key, or without key the section"`
	edited
}

var _ module.Checked = iniOptions{}

// CheckOptions implements module.Checked.
func (o iniOptions) CheckOptions() error { return o.change().Check() }

func (o iniOptions) change() edit.INI {
	return edit.INI{Section: o.Section, Key: o.Key, Value: o.Value.Text, Absent: o.Absent}
}

func ini(ctx module.Context, o iniOptions) (result, error) {
	return apply(ctx, o.Path, o.edited, o.change(), o.Absent)
}

// iniValue is a value as an INI file has it.
type iniValue struct{ edit.Text }

var _ module.Option = (*iniValue)(nil)

// Kind implements module.Option.
func (v *iniValue) Kind() string { return "a string, a number or a boolean" }

// Set implements module.Option.
func (v *iniValue) Set(value any) error {
	switch value := value.(type) {
	case string:
		return v.UnmarshalText([]byte(value))
	case bool:
		return v.UnmarshalText(strconv.AppendBool(nil, value))
	case float64:
		if value == math.Trunc(value) && math.Abs(value) < 1e15 {
			return v.UnmarshalText(strconv.AppendInt(nil, int64(value), 10))
		}
		const digits = 14 // as Lua prints numbers
		return v.UnmarshalText(strconv.AppendFloat(nil, value, 'g', digits, 64))
	}
	return module.ErrKind
}
