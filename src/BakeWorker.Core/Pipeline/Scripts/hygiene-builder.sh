#!/bin/bash
# Run by the worker on the builder, after the recipe's cleanup: what is left now would be in the image.
#
# Environment, findings: see sweep.sh. Exit codes: 0 clean, 20 findings, 1 the search itself failed.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sweep.sh"

# Traces that the cleanup step should have taken. Some secrets hide in them: user data, commands, session keys.
sweep_traces() {
  local home path
  # Absent means a first boot, at which presets undo what the recipe enabled or disabled; empty means a new id and nothing else.
  if [ ! -e "$ROOT/etc/machine-id" ]; then finding machine-id "$ROOT/etc/machine-id" "absent; it must be there and empty"; fi
  forbidden machine-id "$ROOT"/etc/machine-id
  if [[ -e $ROOT/var/lib/dbus/machine-id && ! -L $ROOT/var/lib/dbus/machine-id ]]; then forbidden machine-id "$ROOT"/var/lib/dbus/machine-id; fi
  forbidden ssh-host-key "$ROOT"/etc/ssh/ssh_host_*_key
  while read -r home; do
    forbidden authorized-keys "$ROOT$home"/.ssh/authorized_keys*
  done < <(homes)
  for path in "$ROOT"/var/lib/cloud/instances/*; do finding cloud-init-state "$path" "user data and state of the builder"; done
  for path in "$ROOT"/var/lib/apt/lists/!(lock|partial|auxfiles); do
    if [ -f "$path" ]; then
      finding package-lists "$ROOT/var/lib/apt/lists" "lists of packages"
      break
    fi
  done
  for path in "$ROOT"/var/cache/dnf/!(*.pid) "$ROOT"/var/cache/libdnf5/*; do
    finding package-lists "${path%/*}" "lists of packages"
    break
  done
  forbidden random-seed "$ROOT"/var/lib/systemd/random-seed "$ROOT"/var/lib/systemd/credential.secret "$ROOT"/boot/efi/loader/random-seed
  forbidden snakeoil-key "$ROOT"/etc/ssl/private/ssl-cert-snakeoil.key
}

# The sweep of an instance looks back as far as this one.
note_beginning() {
  local release=$ROOT/etc/bakeworker-release
  [ -f "$release" ] || return 0
  sed -i '/^BAKE_BEGAN=/d' "$release"
  printf 'BAKE_BEGAN="%s"\n' "$SINCE" >>"$release"
}

note_beginning
sweep_traces
sweep_secrets
report
