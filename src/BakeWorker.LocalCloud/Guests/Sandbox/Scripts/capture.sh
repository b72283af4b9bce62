#!/bin/sh
# Writes a stopped guest's disk to standard output, with the ids that the guest sees and without what the host lent it, and copies what
# it changed into a folder for the boots that are to come.
set -eu
disk=$1 work=$2 layer=$3 changes=$4
shift 4

mount -t tmpfs -o mode=755 tmpfs /tmp
mkdir /tmp/root /tmp/empty

# Files of the host's layer that were only touched have been copied whole into the disk; nothing on the way may be a link.
returned() {
  part=$1
  while [ "$part" != . ]; do
    if [ -L "$work/upper/$part" ]; then return 1; fi
    part=${part%/*}
  done
  [ -f "$work/upper/$1" ] && cmp -s "$layer/$1" "$work/upper/$1"
}
if [ -d "$layer" ]; then
  find "$layer" -type f | while read -r file; do
    file=./${file#"$layer/"}
    if returned "$file"; then rm -f "$work/upper/$file"; fi
  done
fi

if [ -d "$work/upper" ]; then lower=$work/upper:$disk; else lower=$disk:/tmp/empty; fi
mount -t overlay -o "ro,userxattr,index=off,lowerdir=$lower" overlay /tmp/root
# The changes as overlayfs keeps them, with its marks of what is gone.
if [ -n "$changes" ] && [ -d "$work/upper" ]; then
  cp -dR --preserve=mode,ownership,timestamps,links,xattr "$work/upper/." "$changes"
fi
tar --create --file - --directory /tmp/root --numeric-owner --acls --xattrs --xattrs-include='*' --exclude=./run/* --exclude=./proc/* \
  --exclude=./sys/* --exclude=./dev/* . | "$@"
