// Command sloth-runner runs the tasks of a Lua file on many hosts in parallel.
package main

func main() {}
