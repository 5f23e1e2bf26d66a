package sshconfig

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// check returns what is wrong with the arguments of a keyword.
func (k kind) check(arguments []string) error {
	if len(arguments) == 0 {
		return errors.New("expected an argument")
	}
	switch k {
	case text, gathered, flag, number, port, duration, strict, choice, include, hostBlock, words, ignoreUnknown:
		if arguments[0] == "" {
			return errors.New("expected an argument that is not empty")
		}
	}
	switch k {
	case text, gathered, flag, number, port, duration, strict, choice, ignoreUnknown:
		if len(arguments) > 1 {
			return fmt.Errorf("expected one argument, and no %s after it", show(arguments[1]))
		}
	case assignments:
		for _, argument := range arguments {
			if name, _, found := strings.Cut(argument, "="); !found || name == "" {
				return fmt.Errorf("expected NAME=VALUE, not %s", show(argument))
			}
		}
	}
	return k.checkValue(arguments[0])
}

func (k kind) checkValue(value string) error {
	var err error
	switch k {
	case flag:
		_, err = parseFlag(value)
	case number:
		_, err = parseNumber(value)
	case port:
		_, err = parsePort(value)
	case duration:
		_, err = parseDuration(value)
	case strict:
		_, err = parseStrict(value)
	}
	return err
}

func parseFlag(value string) (bool, error) {
	switch strings.ToLower(value) {
	case "yes", "true":
		return true, nil
	case "no", "false":
		return false, nil
	}
	return false, fmt.Errorf("expected yes or no, not %s", show(value))
}

// choices are the words that an option accepts, with their meaning.
var choices = map[string]map[string]string{
	"addressfamily": {"any": "", "inet": "inet", "inet6": "inet6"},
	// The last two are about the content of the key's signature, which makes no difference here.
	"pubkeyauthentication": {"yes": "yes", "true": "yes", "no": "no", "false": "no", "unbound": "yes", "host-bound": "yes"},
}

func parseChoice(keyword, value string) (string, error) {
	meaning, known := choices[keyword][strings.ToLower(value)]
	if !known {
		return "", fmt.Errorf("expected %s, not %s", strings.Join(slices.Sorted(maps.Keys(choices[keyword])), ", "), show(value))
	}
	return meaning, nil
}

func parseNumber(value string) (int, error) {
	n, err := strconv.ParseInt(value, 10, 32)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("expected a number, not %s", show(value))
	}
	return int(n), nil
}

func parsePort(value string) (int, error) {
	n, err := strconv.ParseUint(value, 10, 16)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("expected a port from 1 to 65535, not %s", show(value))
	}
	return int(n), nil
}

// parseStrict returns the value in the spelling of ssh_config(5).
func parseStrict(value string) (string, error) {
	switch value = strings.ToLower(value); value {
	case "yes", "no", "ask", "accept-new":
		return value, nil
	case "true":
		return "yes", nil
	case "false", "off":
		return "no", nil
	}
	return "", fmt.Errorf("expected yes, no, ask or accept-new, not %s", show(value))
}

// parseDuration reads a time in the format of sshd_config(5), TIME FORMATS: numbers, each with a unit, or seconds
// without one. "none" is 0.
func parseDuration(value string) (time.Duration, error) {
	if strings.EqualFold(value, "none") {
		return 0, nil
	}
	const longest = math.MaxInt32 // seconds, as in OpenSSH
	total, rest := int64(0), value
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		n, err := strconv.ParseInt(rest[:digits], 10, 32)
		if err != nil {
			return 0, fmt.Errorf("expected a time, such as 30 or 1m30s, not %s", show(value))
		}
		unit, rest2 := int64(1), rest[digits:]
		if rest2 != "" {
			unit = seconds[rest2[0]|' '] // lower case
			rest2 = rest2[1:]
		}
		total += n * unit
		if unit == 0 || total > longest {
			return 0, fmt.Errorf("expected a time, such as 30 or 1m30s, not %s", show(value))
		}
		rest = rest2
	}
	return time.Duration(total) * time.Second, nil
}

var seconds = map[byte]int64{'s': 1, 'm': 60, 'h': 3600, 'd': 24 * 3600, 'w': 7 * 24 * 3600}
