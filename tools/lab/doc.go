// Package lab makes hosts that are as good as machines of their own, for what tools/testhost, which needs no root,
// can't show: hosts that lose their power or their cable, and that have file systems and processes of their own. It
// needs root on Linux; its tests, which drive the real program, need the build tag lab and are what `make test-lab` runs.
//
// # What a host is
//
// A process that boots (boot.sh) in namespaces of its own: network, mounts, processes, name. Its root is the machine's,
// copied on write; its /home, /root, /tmp, /var/tmp, /run and /dev/shm are empty at first. All that it writes is on one
// disk in memory, so Files can list it whole, and a host that was killed starts again with an empty disk, but the same
// key and address. It has the account deploy, an OpenSSH sshd on port 22, and a systemctl that finds every service
// active.
//
// # What is left
//
// Nothing, and nothing outlives the process that made it but an empty bridge and a directory: hosts die with it, however
// it died, and their links with them. A lab is known by the number N of its network 10.N.0.0/16, which it holds by
// listening on an abstract socket: the kernel gives it up with the process. So the next lab knows which bridges have no
// owner any more, and removes them.
package lab
