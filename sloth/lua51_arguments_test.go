package sloth

import (
	"fmt"
	"strings"
	"testing"
)

// sweep calls a function with lists of arguments and puts, for each list, the results or the error, and what has become
// of the first argument if it is a list.
const sweep = `
local function show(value)
    if type(value) == "number" then
        return value ~= value and "nan" or string.format("%.10g", value)
    elseif type(value) == "string" then
        return string.format("%q", value)
    elseif type(value) == "table" then
        local shown = {}
        for i = -3, 9 do
            local entry = rawget(value, i)
            local plain = type(entry) == "number" or type(entry) == "string" or type(entry) == "boolean"
            shown[#shown + 1] = plain and tostring(entry) or type(entry)
        end
        return "{" .. table.concat(shown, " ") .. "}"
    elseif type(value) == "boolean" or value == nil then
        return tostring(value)
    end
    return type(value)
end
local function showAll(...)
    local shown = {}
    for i = 1, select("#", ...) do
        shown[i] = show((select(i, ...)))
    end
    return table.concat(shown, " ")
end
local values = {
    function() return nil end, function() return true end, function() return "x" end, function() return "10" end,
    function() return " 0x1F\n" end, function() return "" end, function() return "%d" end, function() return 0 end,
    function() return 1 end, function() return -1 end, function() return 2.7 end, function() return 300 end,
    function() return math.huge end, function() return -math.huge end, function() return -(0/0) end,
    function() return {} end, function() return { 3, 1, 2 } end, function() return function() end end,
    function() return coroutine.create(function() end) end,
}
local function try(f, n, ...)
    local list = ...
    local answer = showAll(pcall(f, ...))
    put(n .. ": " .. answer .. (type(list) == "table" and n:sub(1, 1) ~= "0" and " " .. show(list) or ""))
end
local function sweep(f)
    try(f, "0")
    for a = 1, #values do
        try(f, tostring(a), values[a]())
        for b = 1, #values do
            try(f, a .. " " .. b, values[a](), values[b]())
        end
    end
    for _, a in ipairs({ 3, 4, 9, 17 }) do
        for b = 1, #values do
            for c = 1, #values do
                try(f, a .. " " .. b .. " " .. c, values[a](), values[b](), values[c]())
            end
        end
    end
end
`

// librarySweeps are the functions that any arguments may be given to.
var librarySweeps = strings.Fields(`
	assert getmetatable ipairs next pairs rawequal rawget rawset select setmetatable tonumber tostring type unpack
	loadstring getfenv setfenv xpcall pcall
	string.byte string.char string.find string.format string.gmatch string.gfind string.gsub string.len string.lower
	string.match string.rep string.reverse string.sub string.upper
	table.concat table.foreach table.foreachi table.getn table.insert table.maxn table.remove table.setn table.sort
	math.abs math.acos math.asin math.atan math.atan2 math.ceil math.cos math.cosh math.deg math.exp math.floor math.fmod
	math.ldexp math.log math.log10 math.max math.min math.mod math.modf math.pow math.rad math.sin math.sinh
	math.sqrt math.tan math.tanh
	coroutine.create coroutine.resume coroutine.running coroutine.status coroutine.wrap coroutine.yield
	os.date os.time os.difftime io.type`)

// filters leave out what differs by its nature, or is a deviation.
var filters = map[string]string{
	"os.date":    `local g = f f = function(...) local a, b = ... if b ~= nil or type(a) ~= "string" and a ~= nil then return g(...) end end`,
	"os.time":    `local g = f f = function(...) if (...) ~= nil then return g(...) end end`,
	"tostring":   `local g = f f = function(...) return (g(...):gsub("0x%x+", "")) end`,
	"loadstring": `local g = f f = function(...) local f, why = g(...) return f and true, why and true end`,
	"assert":     `local g = f f = function(...) local a, b = ... if a or b == nil or tostring(b) == b or tonumber(b) then return g(...) end end`,
}

// TestLua51Arguments gives each function of the library arguments that are missing, nil, of all types and at their borders.
func TestLua51Arguments(t *testing.T) {
	sources := make([]string, len(librarySweeps))
	for i, name := range librarySweeps {
		sources[i] = sweep + "local f = " + name + "\n" + filters[name] + "\nsweep(f)"
	}
	want := lua51(t, sources)
	for i, source := range sources {
		t.Run(librarySweeps[i], func(t *testing.T) {
			t.Parallel()
			sameLines(t, want[i], ownAnswer(t, source, ""))
		})
	}
}

// sameLines compares two answers line by line.
func sameLines(t *testing.T, want, got string) {
	t.Helper()
	if want == got {
		return
	}
	ours := strings.Split(got, "\n")
	shown := 0
	for i, line := range strings.Split(want, "\n") {
		if i >= len(ours) || ours[i] != line {
			if shown++; shown > 10 {
				break
			}
			t.Errorf("line %d: lua5.1 says\n%s\nhere it is\n%s", i+1, line, strings.Join(ours[min(i, len(ours)):min(i+1, len(ours))], ""))
		}
	}
}

// TestLua51Places compares how errors name the function and the argument, and where they place themselves: called by its
// name, as a field, as a local variable, as a method, and through other functions.
func TestLua51Places(t *testing.T) {
	var names, sources []string
	for _, name := range librarySweeps {
		if name == "pcall" || name == "xpcall" || name == "coroutine.yield" {
			continue
		}
		var source strings.Builder
		for _, arguments := range []string{"", "nil", "true", "nil, nil", "{}, {}, {}", "'x', {}", "1, {}, {}", "{}, 'x', {}", "'x', 'x', {}", "{}, 1, {}"} {
			fmt.Fprintf(&source, "do local ok, why = pcall(function()\n %s(%s)\n end) put(%q, ok, not ok and why) end\n", name, arguments, arguments)
			fmt.Fprintf(&source, "do local f = %s\n local ok, why = pcall(function() local x = 1\n f(%s) end) put(ok, not ok and why) end\n", name, arguments)
			fmt.Fprintf(&source, "do local t = { m = %s } local u = { t.m }\n local ok, why = pcall(function() local x = t:m(%s) end) put(ok, not ok and why)\n", name, arguments)
			fmt.Fprintf(&source, "ok, why = pcall(function()\n\n return u[1](%s) end) put(ok, not ok and why) end\n", arguments)
		}
		if method, ok := strings.CutPrefix(name, "string."); ok {
			for _, arguments := range []string{"", "nil", "{}", "'x', {}", "1, {}"} {
				fmt.Fprintf(&source, "do local ok, why = pcall(function()\n return (('x'):%s(%s)) end) put(ok, not ok and why) end\n", method, arguments)
			}
		}
		names, sources = append(names, name), append(sources, strings.ReplaceAll(source.String(), "local x = t:m", "t:m"))
	}
	want := lua51(t, sources)
	for i, source := range sources {
		t.Run(names[i], func(t *testing.T) {
			t.Parallel()
			sameLines(t, want[i], ownAnswer(t, source, ""))
		})
	}
}
