package sloth

import "testing"

// BenchmarkLibrary is about the price of what programs do most with the library.
func BenchmarkLibrary(b *testing.B) {
	for _, test := range []struct{ name, body string }{
		{"numbers", `local n = 0 for i = 1, 1000000 do n = n + i * 2 end return true`},
		{"texts as numbers", `local n = 0 for i = 1, 20000 do n = n + "12" end return true`},
		{"concatenation", `local s for i = 1, 20000 do s = "item " .. i .. ": " .. i * 0.5 end return true`},
		{"insert and remove", `local t = {} for i = 1, 20000 do table.insert(t, i) end for i = 1, 20000 do table.remove(t) end return true`},
		{"insert in front", `local t = {} for i = 1, 2000 do table.insert(t, 1, i) end return true`},
		{"sort", `local t = {} for i = 1, 5000 do t[i] = i * 7919 % 5003 end table.sort(t) return true`},
		{"sort by function", `local t = {} for i = 1, 2000 do t[i] = i * 7919 % 2003 end table.sort(t, function(a, b) return a > b end) return true`},
		{"pairs", `local t = {} for i = 1, 1000 do t["k" .. i] = i end local n = 0 for r = 1, 20 do for k, v in pairs(t) do n = n + v end end return true`},
		{"ipairs", `local t = {} for i = 1, 1000 do t[i] = i end local n = 0 for r = 1, 20 do for i, v in ipairs(t) do n = n + v end end return true`},
		{"format", `for i = 1, 10000 do local s = string.format("%d %5.2f %s %x", i, i / 3, "x", i) end return true`},
		{"gsub", `for i = 1, 2000 do local s = ("key = value, other = 5"):gsub("(%w+) = (%w+)", "%2=%1") end return true`},
		{"sub and byte", `local s, n = ("x"):rep(100), 0 for i = 1, 20000 do n = n + s:byte(i % 100 + 1) + #s:sub(2, 5) end return true`},
		{"math", `local n = 0 for i = 1, 20000 do n = n + math.floor(i / 3) + math.max(i, 5) end return true`},
		{"pcall", `for i = 1, 10000 do pcall(function() return i end) end return true`},
		{"caught errors", `for i = 1, 2000 do pcall(error, "x") end return true`},
		{"coroutine", `local f = coroutine.wrap(function() while true do coroutine.yield(1) end end) for i = 1, 10000 do f() end return true`},
		{"date", `for i = 1, 5000 do local s = os.date("!%Y-%m-%d %H:%M:%S", i * 1e5) end return true`},
		{"tostring and tonumber", `for i = 1, 20000 do local n = tonumber(tostring(i)) end return true`},
	} {
		b.Run(test.name, func(b *testing.B) {
			machine, err := Open(b.Context(), "bench.sloth", []byte(task(test.body)), new(testHost))
			if err != nil {
				b.Fatal(err)
			}
			defer machine.Close()
			for b.Loop() {
				if result := machine.Run(b.Context(), "g", "t"); !result.OK {
					b.Fatal(result)
				}
			}
		})
	}
}
