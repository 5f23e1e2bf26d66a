package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// maxHostFile leaves room for the extension, and for file systems (eCryptfs) that allow less than 255 bytes.
const maxHostFile = 120

// hostFile returns the name of a host's log. Different hosts have different names, even where a file system ignores case
// or normalises Unicode: all but lower-case ASCII is escaped as in a URL. A name that is then too long is shortened and
// ends with "~" and a hash of the host's name. Other names contain no "~".
func hostFile(host string) string {
	name := escapeHost(host)
	if len(name) > maxHostFile {
		sum := sha256.Sum256([]byte(host))
		hash := "~" + hex.EncodeToString(sum[:16])
		name = name[:maxHostFile-len(hash)] + hash
	}
	return name + ".log"
}

func escapeHost(host string) string {
	const hexDigits = "0123456789abcdef"
	var name strings.Builder
	for i := range len(host) {
		c := host[i]
		plain := 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("._-@+", c) >= 0
		// A leading dot would hide the file, a leading dash would look like an option.
		if plain && (i > 0 || c != '.' && c != '-') {
			name.WriteByte(c)
			continue
		}
		name.WriteByte('%')
		name.WriteByte(hexDigits[c>>4])
		name.WriteByte(hexDigits[c&15])
	}
	return name.String()
}
