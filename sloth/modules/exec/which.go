package exec

import (
	"path"
	"strings"

	"sloth-runner/sloth/module"
)

// wanted is what exec.which looks for.
type wanted struct {
	Name string `lua:"name,arg" help:"a program"`
}

// which is exec.which. It looks where commands are looked for.
func which(ctx module.Context, w wanted) (any, error) {
	if w.Name == "" || strings.ContainsRune(w.Name, 0) {
		return nil, nil
	}
	places := []string{"."}
	if search, _ := ctx.Host.Getenv("PATH"); !strings.Contains(w.Name, "/") {
		places = strings.Split(search, ":")
	}
	for _, place := range places {
		found := w.Name
		if !path.IsAbs(found) {
			found = path.Join(place, found)
		}
		if !strings.Contains(found, "/") {
			found = "./" + found
		}
		if is, err := ctx.Host.Executable(ctx, found); is || err != nil {
			return found, err
		}
	}
	return nil, nil
}
