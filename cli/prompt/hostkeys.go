package prompt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"sloth-runner/bootstrap"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/sshclient"
	"sloth-runner/view/layout"
)

// HostKeys shows the unknown keys of all hosts at once, and learns them on one answer. Hosts behind a
// jump host that was unknown itself follow in a table of their own.
func HostKeys(ctx context.Context, ssh *bootstrap.Connector, targets []inventory.Target) error {
	if !HasTerminal() {
		return nil // unknown keys will be refused
	}
	scan := ssh.NewScan(targets)
	for {
		keys, err := scan.Next(ctx)
		if err != nil || len(keys) == 0 {
			return err
		}
		answer, err := askAboutKeys(ctx, keys)
		if err != nil {
			return fmt.Errorf("ask about unknown host keys: %w", err)
		}
		if !slices.Contains([]string{"y", "yes"}, strings.ToLower(answer)) {
			return &fault.Error{Err: errors.New("the host keys were not accepted: nothing was run"), Hint: "the answers that accept them are y and yes"}
		}
		if err := scan.Learn(keys); err != nil {
			return err
		}
	}
}

func askAboutKeys(ctx context.Context, keys []sshclient.UnknownKey) (string, error) {
	terminal, err := os.OpenFile(terminalFile, os.O_WRONLY, 0)
	if err != nil {
		return "", err
	}
	defer terminal.Close()
	fmt.Fprint(terminal, keyTable(keys))
	answer, err := askTerminal(ctx, "Are these the keys of these hosts? They are added to known_hosts (yes/no): ", true)
	return strings.TrimSpace(answer), err
}

// keyTable has a line for each key.
func keyTable(keys []sshclient.UnknownKey) string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "HOST\tADDRESS\tTYPE\tSHA256")
	for _, key := range keys {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", layout.Escape(key.Host), layout.Escape(key.Address), key.Type, strings.TrimPrefix(key.SHA256, "SHA256:"))
	}
	// A strings.Builder takes everything.
	_ = table.Flush()
	return "Unknown host keys:\n" + text.String()
}
