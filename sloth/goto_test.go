package sloth

import (
	"testing"

	"sloth-runner/sloth/lua/lower"
)

// gotoCases are of Lua 5.2, which lua5.1 can't answer: programs, and what they return.
var gotoCases = []struct{ name, source, want string }{
	{"continue", `local r = {} for i = 1, 4 do if i % 2 == 0 then goto continue end r[#r + 1] = i ::continue:: end return r[1], r[2], #r`, "returns 1 3 2"},
	{"closures keep their variable", `local n = 0 local function inc() n = n + 1 end for i = 1, 3 do if i == 2 then goto continue end inc() ::continue:: end n = n + 10 inc() return n`, "returns 13"},
	{"each iteration has its own", `local fs = {} for i = 1, 3 do local j = i fs[i] = function() j = j + 1 return j end if i > 1 then goto continue end j = j * 100 ::continue:: end return fs[1](), fs[2](), fs[3](), fs[2]()`, "returns 101 3 4 4"},
	{"backwards", `local fs, i = {}, 0 ::top:: do local j = i fs[#fs + 1] = function() j = j + 1 return j end end i = i + 1 if i < 3 then goto top end return fs[1](), fs[2](), fs[3](), fs[1]()`, "returns 1 2 3 2"},
	{"backwards over a local", `local fs, i = {}, 0 do ::top:: local j = i fs[#fs + 1] = function() j = j + 1 return j end i = i + 1 if i < 3 then goto top end end return fs[1](), fs[2](), fs[3](), fs[1]()`, "returns 1 2 3 2"},
	{"out of two loops", `local f for i = 1, 3 do for k = 1, 3 do local x = i * 10 + k f = function() x = x + 1 return x end if k == 2 then goto done end end end ::done:: local a, b, c, d, e, g, h = 1, 2, 3, 4, 5, 6, 7 return f(), f(), a, b, c, d, e, g, h`, "returns 13 14 1 2 3 4 5 6 7"},
	{"a loop of gotos", `local n = 0 ::a:: n = n + 1 if n == 3 then goto b end goto a ::b:: return n`, "returns 3"},
	{"label first in a loop", `local n = 0 while true do ::top:: n = n + 1 if n < 5 then goto top end break end return n`, "returns 5"},
}

func TestGoto(t *testing.T) {
	for _, test := range gotoCases {
		if got := ownAnswer(t, test.source, ""); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// TestGotoRule is to goto what TestRules is to the other rewritings.
func TestGotoRule(t *testing.T) {
	for _, test := range gotoCases {
		if ownAnswer(t, test.source, lower.GotoClosures) != test.want {
			return
		}
	}
	t.Error("without this rule all is the same")
}
