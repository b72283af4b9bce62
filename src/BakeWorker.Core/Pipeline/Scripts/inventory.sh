#!/bin/sh
# Run by the worker on the builder and on an instance of the image: what is installed, for "what changed in the image".
#
# Prints lines of name, version and architecture, separated by tabs and always in the same order, compressed and base64-encoded, because
# SSM shows little of a command's output. What is too long even so comes in parts; behind each but the last stands "(more)". The system's own
# release and its newest kernel are in the list like packages.
#
# Environment: PART, from 1; ROOT, another root directory. Exit codes: 0 printed, 1 no package database.
set -eu
export LC_ALL=C

ROOT=${ROOT:-}
ROOT=${ROOT%/}
PART=${PART:-1}
LIMIT=19000 # characters of a part; about 1,600 packages
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

field() { sed -n "s/^$1=[\"']\{0,1\}\([^\"']*\)[\"']\{0,1\}\$/\1/p" "$ROOT/etc/os-release" 2>/dev/null | head -n 1; }
release() {
  # Debian's os-release knows no point release.
  if [ -r "$ROOT/etc/debian_version" ] && [ "$(field ID)" = debian ]; then cat "$ROOT/etc/debian_version"; else field VERSION_ID; fi
}
newest_kernel() {
  for kernel in "$ROOT"/boot/vmlinuz-*; do
    if [ -e "$kernel" ]; then printf '%s\n' "${kernel##*/vmlinuz-}"; fi
  done | grep -v rescue | sort -V | tail -n 1
}

{
  printf 'os-release\t%s\t%s\n' "$(release)" "$(field ID)"
  kernel=$(newest_kernel) # a sandbox has none, and its host's is not in the image
  if [ -n "$kernel" ]; then printf 'running-kernel\t%s\t%s\n' "$kernel" "$(uname -m)"; fi
} >"$work/list"
if [ -s "$ROOT/var/lib/dpkg/status" ]; then
  # shellcheck disable=SC2016
  dpkg-query --admindir="$ROOT/var/lib/dpkg" -W -f '${db:Status-Status}\t${Package}\t${Version}\t${Architecture}\n' |
    sed -n 's/^installed\t//p' >>"$work/list"
elif command -v rpm >/dev/null 2>&1; then
  rpm --root "${ROOT:-/}" -qa --qf '%{NAME}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\t%{ARCH}\n' | grep -v '^gpg-pubkey	' >>"$work/list"
else
  echo "inventory: neither dpkg's nor rpm's database is here" >&2
  exit 1
fi

sort -u "$work/list" | gzip -9n | base64 >"$work/packed"
tail -c "+$(((PART - 1) * LIMIT + 1))" "$work/packed" | head -c "$LIMIT"
if [ "$(wc -c <"$work/packed")" -gt "$((PART * LIMIT))" ]; then printf '\n(more)\n'; fi
