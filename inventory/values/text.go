package values

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Text returns a value as a string, as Python writes it, which is what Ansible passes to ssh. It is "" for null, lists
// and mappings.
func Text(data any) string {
	switch data := data.(type) {
	case string:
		return data
	case bool:
		if data {
			return "True"
		}
		return "False"
	case int64:
		return strconv.FormatInt(data, 10)
	case json.Number:
		return data.String()
	case float64:
		return floatText(data)
	case map[string]any:
		if text, ok := UnsafeText(data); ok {
			return text
		}
	}
	return ""
}

// floatText formats a float like Python's repr.
func floatText(f float64) string {
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if exponent := strings.IndexByte(text, 'e'); exponent >= 0 {
		if n, _ := strconv.Atoi(text[exponent+1:]); n < -4 || n >= 16 {
			return text
		}
		text = strconv.FormatFloat(f, 'f', -1, 64)
	}
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// IsText reports whether a value can be used as a string.
func IsText(data any) bool {
	switch data := data.(type) {
	case []any:
		return false
	case map[string]any:
		_, ok := UnsafeText(data)
		return ok
	}
	return true
}

// UnsafeText returns the text of a value that !unsafe marks as not a template.
func UnsafeText(data map[string]any) (string, bool) {
	text, ok := data[unsafeKey].(string)
	return text, ok && len(data) == 1
}

// WhyUnreadable returns why a value is not known here; "" if it is known.
func WhyUnreadable(data any) string {
	switch data := data.(type) {
	case string:
		if isTemplate(data) {
			return "is a template, which is not evaluated"
		}
		if strings.HasPrefix(data, VaultHeader) {
			return "is encrypted with Ansible Vault"
		}
	case map[string]any:
		if _, ok := data[VaultKey].(string); ok && len(data) == 1 {
			return "is encrypted with Ansible Vault"
		}
	}
	return ""
}

// VaultHeader begins a text that ansible-vault encrypted; see
// https://docs.ansible.com/ansible/latest/vault_guide/vault_using_encrypted_content.html#format-of-files-encrypted-with-ansible-vault.
const VaultHeader = "$ANSIBLE_VAULT;"

// isTemplate reports whether a text contains a template that Ansible would evaluate with Jinja.
func isTemplate(text string) bool {
	return strings.Contains(text, "{{") || strings.Contains(text, "{%") || strings.Contains(text, "{#")
}
