package service

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"sloth-runner/internal/pause"
)

// launchd is the manager of macOS.
type launchd struct {
	// dir is the directory of its service descriptions.
	dir string
	// domain is the launchd domain of the services: launchctl(1).
	domain string
}

// Kind implements Manager.
func (launchd) Kind() string { return "launchd" }

// Apply implements Manager.
func (m launchd) Apply(ctx context.Context, s Spec) (note string, err error) {
	text, err := m.plist(s)
	if err != nil {
		return "", err
	}
	if err := m.bootout(ctx, s); err != nil {
		return "", err
	}
	if err := writeUnit(m.path(s), text, 0o644); err != nil {
		return "", err
	}
	_, err = call(ctx, nil, "launchctl", "bootstrap", m.domain, m.path(s))
	return "", err
}

// Remove implements Manager.
func (m launchd) Remove(ctx context.Context, s Spec) (note string, err error) {
	if err := m.bootout(ctx, s); err != nil {
		return "", err
	}
	return "", removeUnit(m.path(s))
}

// State implements Manager.
func (m launchd) State(ctx context.Context, s Spec) (State, error) {
	if !exists(m.path(s)) {
		return Absent, nil
	}
	out, err := call(ctx, nil, "launchctl", "print", m.target(s))
	switch {
	case !exited(err):
		return Stopped, err
	case err == nil && strings.Contains(out, "state = running"):
		return Running, nil
	}
	return Stopped, nil
}

// StopCommand implements Manager.
func (m launchd) StopCommand(s Spec) string { return "launchctl bootout " + m.target(s) }

// bootout stops the service and removes it from launchd. It waits, because launchctl returns before launchd is done.
func (m launchd) bootout(ctx context.Context, s Spec) error {
	if _, err := call(ctx, nil, "launchctl", "print", m.target(s)); err != nil {
		if exited(err) {
			return nil // the service is unknown
		}
		return err
	}
	_, bootoutErr := call(ctx, nil, "launchctl", "bootout", m.target(s))
	ctx, stop := context.WithTimeoutCause(ctx, commandLimit, fmt.Errorf("launchd has not stopped %s", label(s)))
	defer stop()
	err := poll(ctx, func() bool {
		_, err := call(ctx, nil, "launchctl", "print", m.target(s))
		return err != nil && exited(err)
	})
	if err != nil {
		return errors.Join(err, bootoutErr)
	}
	return nil
}

// poll waits for a condition without notification. Its error is the cause of the end of ctx.
func poll(ctx context.Context, happened func() bool) error {
	pauses := pause.Doubling(5*time.Millisecond, 250*time.Millisecond)
	for !happened() {
		if !pause.For(ctx, pauses.NextBackOff()) {
			return context.Cause(ctx)
		}
	}
	return nil
}

func (m launchd) path(s Spec) string { return filepath.Join(m.dir, label(s)+".plist") }

func (m launchd) target(s Spec) string { return m.domain + "/" + label(s) }

func label(s Spec) string {
	if s.Role == Agent {
		return "sloth-runner." + s.Name
	}
	return s.id()
}

// plist returns the description of the service: launchd.plist(5).
func (m launchd) plist(s Spec) (string, error) {
	for _, path := range []string{s.Program, s.State} {
		if err := checkPath(path); err != nil {
			return "", err
		}
	}
	var arguments strings.Builder
	for _, word := range append([]string{s.Program}, s.arguments()...) {
		arguments.WriteString("\t\t<string>" + xmlText(word) + "</string>\n")
	}
	session := ""
	if m.domain != "system" {
		session = "\t<key>LimitLoadToSessionType</key>\n\t<string>Background</string>\n"
	}
	log := xmlText(s.log())
	return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Made by sloth-runner, which writes it anew with each upgrade. -->
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>` + xmlText(label(s)) + `</string>
	<key>ProgramArguments</key>
	<array>
` + arguments.String() + `	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>KeepAlive</key>
	<true/>
	<!-- What a task left behind on purpose is not the agent's to end. -->
	<key>AbandonProcessGroup</key>
	<true/>
	<key>ExitTimeOut</key>
` + fmt.Sprintf("\t<integer>%d</integer>\n", int(StopLimit.Seconds())) + session + `	<key>StandardErrorPath</key>
	<string>` + log + `</string>
</dict>
</plist>
`, nil
}

// xmlText escapes text for XML.
func xmlText(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}
