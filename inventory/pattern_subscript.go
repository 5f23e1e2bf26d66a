package inventory

import (
	"strconv"
	"strings"
)

// subscript is [N], [N:M] or [N-M] behind a group: some of its hosts, counted from 0, both ends included; negative
// numbers count from the end.
type subscript struct {
	from, to int
	// one says that there is one number, which must be there.
	one bool
	// dash says that the ends have a - between them, which is also how ranges of names are written.
	dash bool
}

// cutSubscript takes the subscript off a pattern.
func cutSubscript(text string) (group string, s subscript, ok bool) {
	open := strings.LastIndexByte(text, '[')
	if open <= 0 || !strings.HasSuffix(text, "]") {
		return "", s, false
	}
	inside := text[open+1 : len(text)-1]
	from, to, ranged := strings.Cut(inside, ":")
	if !ranged && strings.LastIndexByte(inside, '-') > 0 {
		from, to, s.dash = strings.Cut(inside, "-")
		ranged = true
	}
	s.one, s.to = !ranged, -1
	var fromErr, toErr error
	if from != "" || !ranged {
		s.from, fromErr = index(from)
	}
	if to != "" {
		s.to, toErr = index(to)
	}
	return text[:open], s, fromErr == nil && toErr == nil
}

// index reads a number of a subscript. One with a zero in front is part of a name.
func index(text string) (int, error) {
	if digits := strings.TrimPrefix(text, "-"); !allDigits(digits) || len(digits) > 1 && digits[0] == '0' {
		return 0, strconv.ErrSyntax
	}
	return strconv.Atoi(text)
}

// of are the hosts that the subscript leaves; as in Ansible and Python, a slice may reach beyond the end.
func (s subscript) of(hosts []*host) []*host {
	from, to := s.from, s.to
	if from < 0 {
		from += len(hosts)
	}
	if to < 0 {
		to += len(hosts)
	}
	if s.one {
		to = from
		if from < 0 {
			return nil
		}
	}
	from, to = max(from, 0), min(to, len(hosts)-1)
	if from > to {
		return nil
	}
	return hosts[from : to+1]
}
