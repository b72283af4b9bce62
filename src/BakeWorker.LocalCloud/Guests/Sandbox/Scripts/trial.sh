#!/bin/sh
# What a guest needs of this machine, in the order in which it needs it.
set -eu
mount -t tmpfs tmpfs /tmp 2>/dev/null || { echo "nothing can be mounted in a user namespace" >&2; exit 1; }
mkdir /tmp/root /tmp/proc
mount -t proc proc /tmp/proc 2>/dev/null || { echo "/proc cannot be mounted in a user namespace" >&2; exit 1; }
mkdir -p "$1/lower" "$1/upper" "$1/work"
mount -t overlay -o "userxattr,index=off,lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work" overlay /tmp/root 2>/dev/null ||
  { echo "the file system of its folder cannot hold an overlay in a user namespace" >&2; exit 1; }
: >/tmp/root/file
chown 1000:1000 /tmp/root/file 2>/dev/null || { echo "files cannot be given to other ids" >&2; exit 1; }
umount /tmp/root
rm -rf "$1/lower" "$1/upper" "$1/work"
