#!/bin/sh
# Makes a disk without partitions of a root file system, with the ids that are seen from here.
set -eu
root=$1 disk=$2 size=$3
cat >"$root/etc/fstab" <<'TABLE'
LABEL=root / ext4 rw,discard,errors=remount-ro,x-systemd.growfs 0 0
TABLE
mke2fs -q -F -t ext4 -L root -m 1 -J size=16 -E nodiscard,assume_storage_prezeroed=1 -d "$root" "$disk" "$size"
