#!/bin/sh
# Run by the worker on the builder, after the recipe's cleanup: what is left now would be in the image.
#
# Environment, findings: see sweep.sh. Exit codes: 0 clean, 20 findings, 1 the search itself failed.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sweep.sh"

# Traces that the cleanup step should have taken. Some secrets hide in them: user data, commands, session keys.
sweep_traces() {
  # Absent means a first boot, at which presets undo what the recipe enabled or disabled; empty means a new id and nothing else.
  if [ ! -e "$ROOT/etc/machine-id" ]; then finding machine-id "$ROOT/etc/machine-id" "absent; it must be there and empty"; fi
  forbidden machine-id "$ROOT"/etc/machine-id
  if [ ! -L "$ROOT/var/lib/dbus/machine-id" ]; then forbidden machine-id "$ROOT"/var/lib/dbus/machine-id; fi
  forbidden ssh-host-key "$ROOT"/etc/ssh/ssh_host_*_key
  while IFS= read -r home; do
    forbidden authorized-keys "$ROOT$home"/.ssh/authorized_keys*
    forbidden known-hosts "$ROOT$home"/.ssh/known_hosts*
    first_file user-cache "$ROOT$home/.cache" "what a step downloaded for itself"
  done <"$work/homes"
  for path in "$ROOT"/var/lib/cloud/instances/*; do
    if [ -e "$path" ]; then finding cloud-init-state "$path" "user data and state of the builder"; fi
  done
  first_file package-lists "$ROOT/var/lib/apt/lists" "lists of packages"
  first_file package-lists "$ROOT/var/cache/dnf" "lists of packages"
  first_file package-lists "$ROOT/var/cache/libdnf5" "lists of packages"
  first_file package-cache "$ROOT/var/cache/apt/archives" "downloaded packages"
  forbidden random-seed "$ROOT"/var/lib/systemd/random-seed "$ROOT"/var/lib/systemd/credential.secret "$ROOT"/boot/efi/loader/random-seed
  forbidden snakeoil-key "$ROOT"/etc/ssl/private/ssl-cert-snakeoil.key
  forbidden snapd-key "$ROOT"/var/lib/snapd/device/private-keys-v1/*
}

# first_file RULE DIRECTORY HINT: one finding for a directory with files in it, whatever their number.
first_file() {
  [ -d "$2" ] && [ ! -L "$2" ] || return 0
  if [ -n "$(find "$2" -xdev -type f ! -name lock ! -name '*.pid' -print 2>/dev/null | head -c 1)" ]; then finding "$1" "$2" "$3"; fi
}

# The sweep of an instance looks back as far as this one.
note_beginning() {
  release=$ROOT/etc/bakeworker-release
  [ -f "$release" ] || return 0
  sed -i '/^BAKE_BEGAN=/d' "$release"
  printf 'BAKE_BEGAN="%s"\n' "$SINCE" >>"$release"
}

sweep_secrets
sweep_traces
note_beginning
report
