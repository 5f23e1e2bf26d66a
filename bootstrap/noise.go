package bootstrap

import (
	"strings"

	"sloth-runner/proto"
)

// noiseVerbosity is that of `-vv`: start-up files that print something are common, and do no harm.
const noiseVerbosity = 2

// tell reports what the host printed besides its answer.
func (b *boot) tell(started *remote) {
	if lines := append(started.noise.Lines(), started.stderr.Lines()...); len(lines) > 0 {
		b.report(&proto.Event{Kind: &proto.Event_Notice{Notice: &proto.Notice{
			Text:      "printed before the agent started: " + strings.Join(lines, " | "),
			Verbosity: noiseVerbosity,
		}}})
	}
}
