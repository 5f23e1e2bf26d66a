package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	o := options{}
	flag.StringVar(&o.source, "source", ".", "the root of the source `DIR`")
	flag.StringVar(&o.version, "version", "dev", "the `VERSION` that the programs print")
	flag.StringVar(&o.out, "o", "dist", "the `DIR` to write to")
	flag.BoolVar(&o.agentsOnly, "agents", false, "build the agents only, into DIR/agents")
	flag.StringVar(&o.own, "own", "", "build only this `FILE`: the program for this platform, with the agent for it")
	check := flag.Bool("check", false, "build twice and compare; nothing is kept")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	run := o.run
	if *check {
		run = o.check
	}
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}
