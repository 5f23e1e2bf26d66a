package file

import (
	"errors"
	"fmt"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

func editFunction() module.Function {
	return module.Function{
		Name: "edit",
		Doc: "Gives the text of a file to a function, and writes the text that the function returns. The function should return the same where it is called with its own result: " +
			"a second call then changes nothing. It is called in a dry run as well.",
		Example: `local list = os.tmpname()
file.write(list, { content = "b\na\n" })
file.edit(list, function(text)
    local lines = {}
    for line in text:gmatch("[^\n]+") do
        table.insert(lines, line)
    end
    table.sort(lines)
    return table.concat(lines, "\n") .. "\n"
end)
local text = io.open(list):read("*a")
os.remove(list)
return text == "a\nb\n", text`,
		Run: module.Run(change),
	}
}

type editOptions struct {
	Path   string          `lua:"path,arg" help:"the file"`
	Change module.Callback `lua:"change,arg" help:"gets the text of the file, and returns the new one; of a file that is not there, the text is \"\""`
	edited
}

func change(ctx module.Context, o editOptions) (result, error) {
	before, there, err := current(ctx, o.Path)
	switch {
	case err != nil:
		return result{}, cannotChange(o.Path, err)
	case !there && !o.Create:
		return result{}, notThere(o.Path)
	}
	returned, err := o.Change(before)
	if err != nil {
		return result{}, err // with the line of the function
	}
	after, ok := "", len(returned) > 0
	if ok {
		after, ok = returned[0].(string)
	}
	if !ok {
		return result{}, fmt.Errorf("cannot change %s: the function returned %s, and not the new text", quote.Path(o.Path), kindOfFirst(returned))
	}
	if now, still, err := current(ctx, o.Path); err != nil || now != before || still != there {
		return result{}, cannotChange(o.Path, errors.Join(errors.New("it was changed by something else while the function ran"), err))
	}
	return replaceText(ctx, o.Path, o.shared, after)
}

// kindOfFirst names what a function returned.
func kindOfFirst(values []any) string {
	if len(values) == 0 {
		return "nothing"
	}
	return module.KindName(values[0])
}
