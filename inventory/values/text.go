package values

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Text is a value as Python writes it in a text, which is what Ansible hands to ssh; "" for nothing, and for lists and
// mappings, which are no text.
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

// floatText writes a float as Python's repr does.
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

// IsText reports whether a value can stand for a text.
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

// UnsafeText is the text that !unsafe marks as no template.
func UnsafeText(data map[string]any) (string, bool) {
	text, ok := data[unsafeKey].(string)
	return text, ok && len(data) == 1
}

// WhyUnreadable tells why a value is not known here; "" if it is.
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

// VaultHeader begins a text that ansible-vault made; see
// https://docs.ansible.com/ansible/latest/vault_guide/vault_using_encrypted_content.html#format-of-files-encrypted-with-ansible-vault.
const VaultHeader = "$ANSIBLE_VAULT;"

// isTemplate reports whether a text has something in it that Ansible hands to Jinja.
func isTemplate(text string) bool {
	return strings.Contains(text, "{{") || strings.Contains(text, "{%") || strings.Contains(text, "{#")
}
