package payload

import (
	"runtime"
	"slices"
	"strings"
)

// Platform is a system and a processor, in Go's words.
type Platform struct{ OS, Arch string }

func (p Platform) String() string { return p.OS + "/" + p.Arch }

// Platforms are those that agents are built for, with what uname(1) calls them. The agent is static: that a 64-bit
// kernel has a userland of 32 bits does not matter to it.
var Platforms = [...]struct {
	Platform
	// System is what `uname -s` says, and Machines what `uname -m` may say.
	System   string
	Machines []string
}{
	{Platform{"linux", "amd64"}, "Linux", []string{"x86_64", "amd64"}},
	{Platform{"linux", "arm64"}, "Linux", []string{"aarch64", "arm64"}},
	// Built for version 6. A process of 32 bits on a kernel of version 8 sees armv8l (personality(2)).
	{Platform{"linux", "arm"}, "Linux", []string{"armv6l", "armv7l", "armv8l"}},
	{Platform{"linux", "386"}, "Linux", []string{"i386", "i486", "i586", "i686"}},
	{Platform{"linux", "riscv64"}, "Linux", []string{"riscv64"}},
	{Platform{"linux", "ppc64le"}, "Linux", []string{"ppc64le"}},
	{Platform{"linux", "s390x"}, "Linux", []string{"s390x"}},
	{Platform{"darwin", "amd64"}, "Darwin", []string{"x86_64"}},
	{Platform{"darwin", "arm64"}, "Darwin", []string{"arm64"}},
	{Platform{"freebsd", "amd64"}, "FreeBSD", []string{"amd64"}},
	{Platform{"freebsd", "arm64"}, "FreeBSD", []string{"arm64"}},
}

// android is what `uname -o` says there. It calls itself Linux, but has neither its places nor its C library's names.
const android = "Android"

// Uname is what uname(1) says of a host to -s, -m and -o.
type Uname struct{ System, Machine, Product string }

// String is what the host says that it is, cut short.
func (u Uname) String() string {
	const most = 80
	said := strings.TrimSpace(u.System + " " + u.Machine)
	if u.Product == android {
		said += " " + android
	}
	if len(said) > most {
		said = said[:most] + "…"
	}
	return strings.ToValidUTF8(said, "?")
}

// platform is the one that it names, if agents are built for it.
func (u Uname) platform() (Platform, bool) {
	if u.Product == android {
		return Platform{}, false
	}
	for _, p := range Platforms {
		if p.System == u.System && slices.Contains(p.Machines, u.Machine) {
			return p.Platform, true
		}
	}
	return Platform{}, false
}

func ownPlatform() Platform { return Platform{runtime.GOOS, runtime.GOARCH} }

// List names platforms for a reader.
func List(platforms []Platform) string {
	texts := make([]string, len(platforms))
	for i, p := range platforms {
		texts[i] = p.String()
	}
	return strings.Join(texts, ", ")
}
