package sshclient

import (
	"strings"
	"time"

	"sloth-runner/internal/excerpt"
)

// bannerPause is how long a login may take before the user is shown the server's banner. The login may wait for what the banner
// asks, such as to open a web page.
const bannerPause = 3 * time.Second

// banner is the text that a server sends before the login has succeeded (RFC 4252, section 5.4).
type banner struct {
	text  excerpt.Buffer
	timer *time.Timer
}

// onBanner is an ssh.BannerCallback.
func (h *handshake) onBanner(message string) error {
	_, _ = h.banner.text.Write([]byte(message)) // that never fails
	if h.banner.timer == nil && h.notify != nil {
		h.banner.timer = time.AfterFunc(bannerPause, func() {
			if lines := h.banner.text.Lines(); len(lines) > 0 {
				h.notify("the server says: " + strings.Join(lines, " | "))
			}
		})
	}
	return nil
}

// end must be called when the login has ended, with or without success.
func (b *banner) end() {
	if b.timer != nil {
		b.timer.Stop()
	}
}

// quotedNotes returns what the server and the route said besides, for the end of an error.
func (h *handshake) quotedNotes() string {
	text := h.banner.text.Quoted("the server said")
	if h.route.said != nil {
		text += h.route.said()
	}
	return text
}
