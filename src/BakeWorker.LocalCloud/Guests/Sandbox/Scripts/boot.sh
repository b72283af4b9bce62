#!/bin/sh
# Process 1 of a guest until it lets go of the host. Up to the pivot no path is followed through the guest's own tree, which a
# hostile image may have filled with links, and no program of the guest runs.
set -eu
disk=$1 work=$2 layer=$3 hostname=$4 network=$5 boot=$6 instance=$7

# The old /proc still counts as the host does; this is how the host enters us.
read -r pid _ </proc/self/stat
echo "@pid $pid" >&2

mount -t tmpfs -o mode=755 tmpfs /tmp
mkdir /tmp/root /tmp/host
mount --rbind / /tmp/host
mkdir -p "$work/upper" "$work/work"
mount -t overlay -o "userxattr,index=off,lowerdir=$layer:$disk,upperdir=$work/upper,workdir=$work/work" overlay /tmp/root

cd /tmp/root
for folder in proc dev run; do
  if [ -L "$folder" ]; then
    echo "/$folder is a link on this disk" >&2
    exit 71
  fi
  [ -d "$folder" ] || mkdir "$folder"
done

mount -t proc -o nosuid,nodev,noexec proc proc
mount -t tmpfs -o mode=755,nosuid,size=64m tmpfs dev
for device in null zero full random urandom tty; do
  : >"dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm
chmod 1777 dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5,nosuid,noexec devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mkfifo -m 600 dev/console

mount -t tmpfs -o mode=755,nosuid,nodev,size=256m tmpfs run
mkdir run/lock run/user run/sandbox
chmod 1777 run/lock
cd run/sandbox
mkdir -m 700 host commands
mkdir bin agent units
mkfifo -m 600 control
echo "$boot" >boot_id
printf '%s\n' "$BW_INIT" >init
printf '%s\n' "$BW_POWER" >bin/power
printf '%s\n' "$BW_SYSTEMCTL" >bin/systemctl
printf '%s\n' "$BW_SYSTEMD_RUN" >bin/systemd-run
printf '%s\n' "$BW_AGENT" >agent/skip
(umask 077 && printf '%s' "$BW_USER_DATA" >user-data)
chmod 755 init bin/* agent/*
for name in shutdown poweroff halt reboot init telinit; do ln -s power "bin/$name"; done
for name in service journalctl sysctl; do ln -s systemctl "bin/$name"; done
for name in curl wget gpg gpgv dpkg dpkg-query rpm apt apt-get dnf yum snap; do ln -s skip "agent/$name"; done
cd /tmp/root

hostname "$hostname" 2>/dev/null || :
[ "$network" = host ] || ip link set lo up 2>/dev/null || :

# The last hold on the host's files is the old root, and what lets go of it must not be a program of the guest. So a helper takes a
# second view of the host as its own root, which the pivot leaves alone, and unmounts the first with the host's tools.
mkfifo /tmp/there /tmp/go
exec 8<>/tmp/go 9<>/tmp/there
{
  nsenter --root=/tmp/host --wd=/tmp -- sh -c 'echo there >&9; read -r _ <&8; exec umount -l -n -i -c ..' || {
    echo failed >&9
    exit 1
  }
} &
helper=$!
read -r word <&9
[ "$word" = there ]
pivot_root . run/sandbox/host
cd /
echo go >&8
exec 8>&- 9>&-
wait "$helper"

exec /usr/bin/env -i PATH=/run/sandbox/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
  /bin/sh /run/sandbox/init "$instance" </dev/null
