-- answer(source) runs source as a chunk and describes what it did: what it passed to put, and what it returned or
-- that it failed. lua5.1 and the language's own machine both run this file; what they say must be the same.

local maxDepth = 6

local show

local function showKeys(value, depth)
    local keys = {}
    for key in pairs(value) do
        keys[#keys + 1] = key
    end
    table.sort(keys, function(a, b)
        if type(a) == type(b) and (type(a) == "number" or type(a) == "string") then
            return a < b
        end
        return type(a) < type(b)
    end)
    local shown = {}
    for i, key in ipairs(keys) do
        shown[i] = "[" .. show(key, depth) .. "]=" .. show(rawget(value, key), depth)
    end
    return "{" .. table.concat(shown, ",") .. "}"
end

function show(value, depth)
    if type(value) == "number" then
        if value ~= value then
            return "nan"
        elseif value == 0 then
            return "0"
        end
        return string.format("%.17g", value)
    elseif type(value) == "string" then
        return string.format("%q", value)
    elseif type(value) == "table" then
        return depth >= maxDepth and "{...}" or showKeys(value, depth + 1)
    elseif type(value) == "nil" or type(value) == "boolean" then
        return tostring(value)
    end
    return type(value)
end

local function showAll(...)
    local shown = {}
    for i = 1, select("#", ...) do
        shown[i] = show((select(i, ...)), 0)
    end
    return table.concat(shown, " ")
end

function answer(source)
    local lines = {}
    local environment = setmetatable({}, { __index = _G })
    function environment.put(...)
        lines[#lines + 1] = "put " .. showAll(...)
    end
    -- why is the error of a call, without the name of the variable, which the two call differently.
    function environment.why(...)
        local _, message = pcall(...)
        message = tostring(message):gsub("%l+ '[^']*' %((a %l+ value)%)", "%1")
        return (message:gsub(" %(%l+ '[^']*'%)$", ""))
    end
    local chunk = loadstring(source, "=snippet")
    if not chunk then
        return "does not compile"
    end
    setfenv(chunk, environment)
    local function finish(ok, ...)
        lines[#lines + 1] = ok and "returns " .. showAll(...) or "fails"
    end
    finish(pcall(chunk))
    return table.concat(lines, "\n")
end
