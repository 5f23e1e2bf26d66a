package lower

// Rule is one of the rewritings. Tests switch single ones off, to see that their cases need them.
type Rule string

// The rules; the package comment says what each is for.
const (
	Assignments    Rule = "assignments"
	Jumps          Rule = "jumps"
	LocalFunctions Rule = "local functions"
	GenericFor     Rule = "generic for"
	NumericFor     Rule = "numeric for"
	BreakClosures  Rule = "break closures"
	GotoClosures   Rule = "goto closures"
	Constructors   Rule = "constructors"
	Numbers        Rule = "numbers"
)

// Rules are all that can be switched off.
var Rules = []Rule{Assignments, Jumps, LocalFunctions, GenericFor, NumericFor, BreakClosures, GotoClosures, Constructors, Numbers}
