// Package lab makes hosts in Linux namespaces, each with its own network, file systems and processes. In contrast to
// the hosts of tools/testhost they can lose their power or their cable. It needs root on Linux. Its tests run the real
// program; they need the build tag lab, and `make test-lab` runs them.
//
// # What a host is
//
// A process that boots (boot.sh) in its own namespaces for network, mounts, processes and name. Its root file system is
// the machine's, copied on write; its /home, /root, /tmp, /var/tmp, /run and /dev/shm are empty at first. All that it
// writes is on one disk in memory, so Files can list it whole, and a host that was killed starts again with an empty
// disk, but the same key and address. It has the account deploy, an OpenSSH sshd on port 22, and a systemctl that finds
// every service active.
//
// # What is left
//
// Nothing after Close. When the process dies, its hosts and their links end with it, and only an empty bridge and a
// directory are left. A lab is known by the number N of its network 10.N.0.0/16, which it reserves by listening on an
// abstract socket. The kernel closes the socket with the process, so the next lab can tell which bridges have no owner,
// and removes them.
package lab
