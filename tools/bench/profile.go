package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// writeProfiles runs a build of the program that profiles itself (see profiled), and keeps one profile for each kind of
// run.
func (l *lab) writeProfiles(ctx context.Context) error {
	if l.profile == "" {
		return nil
	}
	dir, err := filepath.Abs(l.profile)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	profiled := filepath.Join(l.dir, "profiled")
	if err := l.build(ctx, profiled, "sloth-runner/tools/bench/profiled"); err != nil {
		return err
	}
	for name, source := range map[string]string{"one-task": oneTask, "20-tasks": twentyTasks} {
		p, err := l.runOn(l.hosts, source)
		if err != nil {
			return err
		}
		p.argv[0] = profiled
		// This build has other agents than the measured one, so the first run copies them.
		for range 2 {
			p.env = append(l.environment(), "SLOTH_BENCH_PROFILE="+filepath.Join(dir, name+".pprof"))
			if _, err := p.run(ctx); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(l.out, "\nCPU profiles of the operator's side are in %s; read them with `go tool pprof`.\n", dir)
	return nil
}
