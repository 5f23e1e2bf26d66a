package process

// TailSize limits the end of stderr in the event of a failed task, in bytes.
const TailSize = 4 << 10

// capture keeps the beginning of a command's output, up to most bytes, and its end, in bounded memory.
type capture struct {
	most      int // bytes of the beginning
	head      []byte
	last      []byte
	truncated bool
}

func (c *capture) Write(p []byte) {
	room := min(c.most-len(c.head), len(p))
	c.head = append(c.head, p[:room]...)
	c.truncated = c.truncated || room < len(p)
	if len(p) >= TailSize {
		c.last = append(c.last[:0], p[len(p)-TailSize:]...)
		return
	}
	if over := len(c.last) + len(p) - TailSize; over > 0 {
		c.last = append(c.last[:0], c.last[over:]...)
	}
	c.last = append(c.last, p...)
}
