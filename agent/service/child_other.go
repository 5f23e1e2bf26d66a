//go:build unix && !linux

package service

import "syscall"

// childAttributes returns nil: this kernel does not kill children with their parent.
func childAttributes() *syscall.SysProcAttr { return nil }
