package setup_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/protobuf/encoding/protojson"

	"sloth-runner/agent/program"
	"sloth-runner/agent/role"
	"sloth-runner/agent/setup"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
)

// stepVar makes the test binary do a step of setting up an agent, as an ephemeral agent does.
const stepVar = "SLOTH_TEST_SETUP"

// Ends of a copy of the test binary that make it an agent that does not serve.
const (
	hangs  = "an agent that hangs\n"
	breaks = "an agent that ends\n"
)

// TestMain runs an agent when the test binary is started as one, as main does.
func TestMain(m *testing.M) {
	if role := role.Of(os.Args[1:]); role != nil {
		if os.Args[2] == "serve" && endsWith(hangs) {
			time.Sleep(time.Hour)
		}
		if os.Args[2] == "serve" && endsWith(breaks) {
			fmt.Fprintln(os.Stderr, "this agent is broken")
			os.Exit(1)
		}
		os.Exit(role("test"))
	}
	if text := os.Getenv(stepVar); text != "" {
		os.Exit(step(text))
	}
	goleak.VerifyTestMain(m)
}

func endsWith(text string) bool {
	self, err := program.Open()
	if err != nil {
		return false
	}
	defer self.Close()
	info, err := self.Stat()
	if err != nil {
		return false
	}
	end := make([]byte, len(text))
	_, err = self.ReadAt(end, info.Size()-int64(len(end)))
	return err == nil && bytes.Equal(end, []byte(text))
}

// step does one and prints its report.
func step(text string) int {
	var order proto.Setup
	err := protojson.Unmarshal([]byte(text), &order)
	var report *proto.SetupReport
	if err == nil {
		report, err = runStep(&order)
	}
	if err != nil {
		fmt.Fprint(os.Stderr, fault.WithHint(err))
		return 1
	}
	fmt.Print(protojson.Format(report))
	return 0
}

func runStep(order *proto.Setup) (*proto.SetupReport, error) {
	limit := time.Duration(0)
	if endsWith(hangs) || endsWith(breaks) {
		// The agent never serves. One that breaks prints the reason first.
		limit = 6 * time.Second
	}
	return setup.RunWithin(context.Background(), order, "test", limit)
}
