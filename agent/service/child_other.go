//go:build unix && !linux

package service

import "syscall"

// childAttributes are nothing special where the kernel does not end children.
func childAttributes() *syscall.SysProcAttr { return nil }
