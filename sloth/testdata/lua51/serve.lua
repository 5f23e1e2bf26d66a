-- Reads chunks from standard input, each as its length, a newline and its bytes, and writes the answers likewise.
dofile(arg[1])
while true do
    local length = io.read("*l")
    if not length then
        break
    end
    local said = answer(io.read(tonumber(length)) or "")
    io.write(#said, "\n", said)
end
