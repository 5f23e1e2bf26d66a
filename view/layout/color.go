package layout

// Color is the control sequence that begins a colour or another look of letters.
type Color string

// The colours in use. None carries meaning alone.
const (
	Red    Color = "\x1b[31m"
	Green  Color = "\x1b[32m"
	Yellow Color = "\x1b[33m"
	Cyan   Color = "\x1b[36m"
	Bold   Color = "\x1b[1m"
	Faint  Color = "\x1b[2m"
)

// Paint returns text in the colour. It is for terminals only.
func (c Color) Paint(text string) string { return string(c) + text + "\x1b[0m" }
