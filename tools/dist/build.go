package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"sloth-runner/bootstrap/payload"
)

// agentTag is the build tag of a program that is only an agent.
const agentTag = "agent"

type options struct {
	source, version, out string
	agentsOnly           bool
	// own is the file of a program for this platform only; "" builds for all platforms.
	own string
	// cache is the Go build cache; "" is the usual one.
	cache string
}

// operators are the platforms of an operator.
var operators = []payload.Platform{
	{OS: "linux", Arch: "amd64"}, {OS: "linux", Arch: "arm64"}, {OS: "darwin", Arch: "amd64"}, {OS: "darwin", Arch: "arm64"},
}

// run builds everything into a new directory.
func (o *options) run(ctx context.Context) error {
	out, err := filepath.Abs(o.out)
	if err != nil {
		return err
	}
	if o.agentsOnly {
		return o.buildAgents(ctx, platforms(), filepath.Join(out, "agents"), loose)
	}
	embedded := filepath.Join(o.source, "bootstrap", "payload", "agents")
	if err := removeOld(embedded, "*_*-*"); err != nil {
		return err
	}
	if o.own != "" {
		return o.buildOwn(ctx, embedded)
	}
	if err := removeOld(out, "sloth-runner_*"); err != nil {
		return err
	}
	if err := o.buildAgents(ctx, platforms(), embedded, within); err != nil {
		return err
	}
	var files []string
	for _, p := range operators {
		name := "sloth-runner_" + p.OS + "_" + p.Arch
		if err := o.build(ctx, p, "dist", filepath.Join(out, name)); err != nil {
			return err
		}
		if err := tell(filepath.Join(out, name)); err != nil {
			return err
		}
		files = append(files, name)
	}
	return writeSums(out, files)
}

// buildOwn builds what a developer needs: the released program, for hosts like this machine.
func (o *options) buildOwn(ctx context.Context, embedded string) error {
	own := payload.Platform{OS: runtime.GOOS, Arch: runtime.GOARCH}
	if err := o.buildAgents(ctx, []payload.Platform{own}, embedded, ready); err != nil {
		return err
	}
	path, err := filepath.Abs(o.own)
	if err != nil {
		return err
	}
	if err := o.build(ctx, own, "dist", path); err != nil {
		return err
	}
	return tell(path)
}

// removeOld removes the files of earlier builds, which would be released too. It makes the directory if necessary.
func removeOld(dir, pattern string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		return err
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

// notInlined are packages that an agent uses little, and never for each message. Calls are not inlined in them: that makes an agent
// 2 % smaller as it is sent. With gRPC and protobuf it would be 5 %, but those work for each event.
var notInlined = []string{
	"crypto/tls", "crypto/x509", "encoding/asn1", "encoding/json", "net/http", "regexp/syntax",
}

// build builds one program.
func (o *options) build(ctx context.Context, p payload.Platform, tag, path string) error {
	// grpcnotrace leaves out gRPC's trace pages and their HTTP server with templates, a fifth of the program.
	arguments := []string{"build", "-trimpath", "-buildvcs=false", "-tags", "grpcnotrace," + tag}
	if tag == agentTag {
		for _, pattern := range notInlined {
			arguments = append(arguments, "-gcflags="+pattern+"=-l")
		}
	}
	arguments = append(arguments, "-ldflags", "-s -w -buildid= -X main.version="+o.version, "-o", path, ".")
	cmd := exec.CommandContext(ctx, "go", arguments...)
	cmd.Dir = o.source
	// A developer's settings for other builds must not change this one.
	cmd.Env = append(os.Environ(), "GOOS="+p.OS, "GOARCH="+p.Arch, "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOEXPERIMENT=",
		"GOAMD64=v1", "GOARM=6", "GOARM64=v8.0", "GO386=sse2", "GORISCV64=rva20u64", "GOPPC64=power8", "GOFIPS140=off")
	if o.cache != "" {
		cmd.Env = append(cmd.Env, "GOCACHE="+o.cache)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build for %s: %w", p, err)
	}
	return nil
}

// tell prints the size of a file.
func tell(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fmt.Printf("%9d  %s\n", info.Size(), filepath.Base(path))
	return nil
}
