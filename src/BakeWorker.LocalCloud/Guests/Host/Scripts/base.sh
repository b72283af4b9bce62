#!/bin/sh
# Makes a Debian root file system like a cloud image's, with the mmdebstrap and the keyrings in the folder of tools.
set -eu
target=$1 tools=$2 suite=$3 packages=$4
root=/tmp/root

mount -t proc proc /proc
mount -t tmpfs -o mode=1777 tmpfs /tmp
mkdir "$root"
cp -r "$tools/usr" "$tools/sources.list" /tmp/
printf '%s\n' "$BW_APT" >/tmp/apt.conf
# In memory it takes two thirds of the time; where that is short, it is made in place.
free=0
while read -r name value _; do
  if [ "$name" = MemAvailable: ]; then free=$value; fi
done </proc/meminfo
if [ "$free" -lt 2000000 ]; then mount --bind "$target" "$root"; fi

export HOME=/tmp TMPDIR=/tmp DEBIAN_FRONTEND=noninteractive PATH="/tmp/usr/bin:$PATH"
# Manuals and translations are a third of all files, which every capture reads and writes. The package lists stay: a guest that updates
# them finds that little or nothing has changed.
perl /tmp/usr/bin/mmdebstrap --mode=root --variant=minbase --skip=cleanup/apt/lists --include="$packages" --aptopt=/tmp/apt.conf \
  --aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  "$suite" "$root" /tmp/sources.list 2>&1

(
  cd "$root"
  rm -rf etc/apt/sources.list etc/apt/sources.list.d etc/apt/apt.conf.d/99mmdebstrap etc/dpkg/dpkg.cfg.d/99mmdebstrap \
    etc/resolv.conf etc/ssh/ssh_host_* var/lib/apt/lists/lock var/cache/apt/*.bin var/cache/ldconfig/* var/log/*.log var/log/apt/*
  mkdir -p etc/apt/sources.list.d var/lib/apt/lists/partial
  printf '%s' "$BW_SOURCES" >etc/apt/sources.list.d/debian.sources
  echo localhost >etc/hostname
  printf '%s\n' '127.0.0.1 localhost' '::1 localhost ip6-localhost ip6-loopback' 'ff02::1 ip6-allnodes' 'ff02::2 ip6-allrouters' >etc/hosts
  : >etc/machine-id
  : >etc/fstab
  rm -f usr/sbin/policy-rc.d
)
# What apt makes of the lists stays too: it takes longer than to install a package.
chroot "$root" /usr/bin/env PATH=/usr/sbin:/usr/bin:/sbin:/bin apt-cache gencaches >/dev/null
if [ "$free" -ge 2000000 ]; then cp -a "$root/." "$target/"; fi
