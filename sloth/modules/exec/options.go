package exec

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strconv"

	"sloth-runner/sloth/module"
)

// text is a string, also an empty one, or nil.
type text struct{ data []byte }

// Kind implements module.Option.
func (*text) Kind() string { return "a string" }

// Set implements module.Option.
func (t *text) Set(value any) error {
	given, ok := value.(string)
	if !ok {
		return module.ErrKind
	}
	t.data = append([]byte{}, given...)
	return nil
}

// flag is true, false, or nothing said.
type flag struct{ given, value bool }

// Kind implements module.Option.
func (*flag) Kind() string { return "true or false" }

// Set implements module.Option.
func (f *flag) Set(value any) error {
	is, ok := value.(bool)
	if !ok {
		return module.ErrKind
	}
	f.given, f.value = true, is
	return nil
}

// size is a number of bytes.
type size int

// Kind implements module.Option.
func (*size) Kind() string { return "a whole number" }

// Set implements module.Option.
func (s *size) Set(value any) error {
	number, ok := value.(float64)
	switch {
	case !ok || number != math.Trunc(number):
		return module.ErrKind
	case number < 1 || number > module.MostOutput:
		return fmt.Errorf("it is from 1 to %d, which is %d MiB", module.MostOutput, module.MostOutput>>20)
	}
	*s = size(number)
	return nil
}

// statuses are exit statuses.
type statuses []int

// Kind implements module.Option.
func (*statuses) Kind() string { return "a whole number or a list of whole numbers" }

// Set implements module.Option.
func (s *statuses) Set(value any) error {
	list, ok := value.(module.List)
	if !ok {
		list = module.List{value}
	}
	if len(list) == 0 {
		return module.ErrKind
	}
	for _, item := range list {
		number, ok := item.(float64)
		switch {
		case !ok || number != math.Trunc(number):
			return module.ErrKind
		case number < 0 || number > 255:
			return errors.New("an exit status is from 0 to 255")
		}
		*s = append(*s, int(number))
	}
	return nil
}

// umask is the permissions that new files don't have, as sh writes them.
type umask struct{ mode *fs.FileMode }

// Kind implements module.Option.
func (*umask) Kind() string { return "a string" }

// Set implements module.Option. A number is no umask: Lua reads 022 as twenty-two.
func (u *umask) Set(value any) error {
	digits, ok := value.(string)
	if !ok {
		return module.ErrKind
	}
	mode, err := strconv.ParseUint(digits, 8, 32)
	if err != nil || mode > 0o777 || len(digits) < 3 || len(digits) > 4 {
		return errors.New(`it is written as "022" or "0022"`)
	}
	u.mode = new(fs.FileMode(mode))
	return nil
}
