#!/bin/sh
# A shell for a person, or what stands behind the boot's id, as root of the guest.
boot=$1
shift
# Process ids come back; another guest must never be entered.
if [ "$(cat /run/sandbox/boot_id)" != "$boot" ]; then
  echo "this guest is not what it was; ask for its shell again" >&2
  exit 1
fi
cd /root 2>/dev/null || cd /
if [ $# -eq 0 ]; then set -- "$(command -v bash || command -v sh)" -l; fi
exec env -i PATH="$PATH" HOME=/root USER=root LANG=C.UTF-8 TERM="${TERM:-dumb}" "$@"
