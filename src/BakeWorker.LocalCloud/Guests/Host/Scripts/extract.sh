#!/bin/sh
# Extracts the archive on descriptor 5; device files cannot be made here and are not needed.
set -eu
target=$1
shift
if [ $# -gt 0 ]; then set -- --use-compress-program "$*"; fi
tar --extract --file - --directory "$target" --numeric-owner --preserve-permissions --acls --xattrs --xattrs-include='*' \
  --exclude='./dev/*' --exclude='dev/*' "$@" <&5
