package proto

// Words says in one sentence what was changed, or in a dry run what would be: "changed /etc/motd: absent → 0644 root:root".
// It has the texts as the host sent them.
func (c *Change) Words(dryRun bool) string {
	text := "changed " + c.GetWhat()
	if dryRun {
		text = "would change " + c.GetWhat()
	}
	switch before, after := c.GetBefore(), c.GetAfter(); {
	case before == after:
		return text
	case before == "":
		return text + ": " + after
	case after == "":
		return text + ": was " + before
	default:
		return text + ": " + before + " → " + after
	}
}
