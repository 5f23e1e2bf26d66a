# What a host does when it boots, as the first process of its namespaces.
#   $1 name  $2 address with prefix length  $3 mount point of its disk  $4 directory with its key and configuration
set -eu
name=$1 address=$2 disk=$3 site=$4
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$disk"
cd "$disk"
mkdir upper work root
mount -t overlay -o "lowerdir=/,upperdir=$disk/upper,workdir=$disk/work" overlay root
mkdir -p root/proc root/dev root/home root/root root/tmp root/var/tmp root/run
mount -t proc proc root/proc
mount --rbind /dev root/dev
for dir in home root/ tmp var/tmp run dev/shm; do
	mkdir -p "own/$dir"
	mount --bind "own/$dir" "root/$dir"
done
chmod 1777 own/tmp own/var/tmp own/dev/shm
chmod 700 own/root

echo "$name" >/proc/sys/kernel/hostname
echo "127.0.1.1 $name" >>root/etc/hosts
echo 'deploy:x:1500:1500::/home/deploy:/bin/bash' >>root/etc/passwd
echo 'deploy:x:1500:' >>root/etc/group
echo 'deploy:*:19000:0:99999:7:::' >>root/etc/shadow
grep -q '^sshd:' root/etc/passwd || echo 'sshd:x:1501:65534::/run/sshd:/usr/sbin/nologin' >>root/etc/passwd
mkdir -p root/run/sshd root/home/deploy/.ssh root/usr/local/bin
cp "$site/authorized_keys" root/home/deploy/.ssh/
if [ -e "$site/startup" ]; then
	for file in .bashrc .bash_profile .profile; do cp "$site/startup" "root/home/deploy/$file"; done
fi
chown -R 1500:1500 root/home/deploy
chmod 700 root/home/deploy root/home/deploy/.ssh
rm -f root/usr/local/bin/systemctl
printf '#!/bin/sh\n[ "$1" != is-active ] || echo active\n' >root/usr/local/bin/systemctl
chmod 755 root/usr/local/bin/systemctl
cp "$site/host_key" "$site/sshd_config" root/etc/ssh/
if chroot root "$SSHD" -t -f /etc/ssh/sshd_config -o PerSourcePenalties=no 2>/dev/null; then
	# Tests fail to log in, from the one address that they all have.
	echo 'PerSourcePenalties no' >>root/etc/ssh/sshd_config
fi

# The cable is plugged in from outside; a line tells.
read -r plugged
ip link set lo up
ip address add "$address" dev eth0
ip link set eth0 up
# The end of this process is the end of the host. It also buries orphans, which wait does on the way.
chroot root "$SSHD" -D -e -f /etc/ssh/sshd_config 2>>"$site/sshd.log" &
echo "$!"
wait
