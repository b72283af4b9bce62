#!/bin/bash
# Run by the worker on an instance that booted from the captured image: secrets again, and whether the instance is nobody but itself.
#
# Environment, findings: see sweep.sh; and, all optional:
#   BAKE_ID              /etc/bakeworker-release must name it, when the file exists
#   INSTANCE_ID          whose state of cloud-init and of the SSM agent may be here; default: what the hypervisor says
#   BOOTED               when the machine booted, in seconds since 1970; default: the start of process 1
# Exit codes: 0 clean, 20 findings, 1 the search itself failed.
#
# What changed since the bake began was changed by it. Where the release file does not say when that was, it takes less than a day.
release=${ROOT:-}/etc/bakeworker-release
if [ -z "${SINCE:-}" ] && [ -e "$release" ]; then
  written=$(stat -c %Y "$release")
  SINCE=$(sed -n 's/^BAKE_BEGAN="\([0-9]\{1,11\}\)"$/\1/p' "$release")
  if [ -z "$SINCE" ] || [ "$SINCE" -gt "$written" ]; then SINCE=$((written - 86400)); fi
fi
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sweep.sh"

booted_at() {
  local since stat ticks
  since=$(awk '$1 == "btime" { print $2 }' /proc/stat)
  stat=$(cat /proc/1/stat)
  # shellcheck disable=SC2086
  set -- ${stat##*)}
  ticks=$(getconf CLK_TCK 2>/dev/null || echo 100)
  echo $((since + ${20} / ticks - 10))
}

BOOTED=${BOOTED:-$(booted_at)}
case $BOOTED in '' | *[!0-9]*) stop "BOOTED must be seconds since 1970, not '$BOOTED'" ;; esac
has_systemd() { [ -z "$ROOT" ] && [ -d /run/systemd/system ] && command -v systemctl >/dev/null; }
is_older() { [ "$(stat -c %Y "$1")" -lt "$BOOTED" ]; }

own_instance() {
  if [ -n "${INSTANCE_ID:-}" ]; then
    printf '%s' "$INSTANCE_ID"
  elif [ -z "$ROOT" ] && [ -r /sys/devices/virtual/dmi/id/board_asset_tag ]; then
    grep -E '^i-[0-9a-f]+$' /sys/devices/virtual/dmi/id/board_asset_tag || true
  fi
}

check_identity() {
  local id='' file=$ROOT/etc/machine-id key home
  if [ -r "$file" ]; then id=$(cat "$file"); fi
  if [ -z "$id" ]; then
    # Without an init nobody fills it; the image is right all the same.
    if has_systemd; then finding machine-id "$file" "this machine has made no id of its own"; fi
  elif [[ ! $id =~ ^[0-9a-f]{32}$ || $id =~ ^0+$ ]]; then
    finding machine-id "$file" "not 32 hexadecimal digits"
  elif is_older "$file"; then
    finding machine-id "$file" "came with the image: every instance would have it"
  fi
  for key in "$ROOT"/etc/ssh/ssh_host_*_key; do
    if is_older "$key"; then finding ssh-host-key "$key" "came with the image: every instance would have it"; fi
  done
  while read -r home; do
    for key in "$ROOT$home"/.ssh/authorized_keys*; do
      # A key given at launch is written at boot, and is alone.
      if is_older "$key" || [ "$(grep -cv -e '^#' -e '^$' "$key")" -gt 1 ]; then finding authorized-keys "$key" "came with the image"; fi
    done
  done < <(homes)
}

# state_of RULE DIRECTORY: of this instance, and of no other.
state_of() {
  local dir own others=()
  own=$(own_instance)
  for dir in "$ROOT$2"/i-*; do
    if [ -d "$dir" ] && [ "${dir##*/}" != "$own" ]; then others+=("$dir"); fi
  done
  # As long as nobody says who we are, one may be ours.
  if [ -z "$own" ] && [ "${#others[@]}" -le 1 ]; then return 0; fi
  for dir in "${others[@]}"; do finding "$1" "$dir" "state of another instance"; done
}

check_traces() {
  local path
  state_of cloud-init-state /var/lib/cloud/instances
  state_of ssm-state /var/lib/amazon/ssm
  for path in "$ROOT"/var/lib/apt/lists/!(lock|partial|auxfiles); do
    if [ -f "$path" ] && [ "$(stat -c %Z "$path")" -lt "$BOOTED" ]; then
      finding package-lists "$ROOT/var/lib/apt/lists" "lists of packages came with the image"
      break
    fi
  done
  # Our own steps leave traces while they run, this one too; those of the builder are older.
  while IFS= read -r -d '' path; do
    finding bakeworker-state "$ROOT/var/lib/bakeworker" "traces of the builder's steps"
    break
  done < <(find "$ROOT/var/lib/bakeworker" -type f ! -newermt "@$BOOTED" -print0 2>/dev/null)
  if [ -n "${BAKE_ID:-}" ] && [ -e "$ROOT/etc/bakeworker-release" ]; then
    grep -qxF "BAKE_ID=\"$BAKE_ID\"" "$ROOT/etc/bakeworker-release" || finding release "$ROOT/etc/bakeworker-release" "names another bake"
  fi
}

check_services() {
  local unit code=0
  has_systemd || return 0
  # Still booting is not yet healthy; a unit that hangs is found as failed or as the state itself.
  state=$(timeout 180 systemctl is-system-running --wait 2>/dev/null) || code=$?
  while read -r unit _; do
    if [ -n "$unit" ]; then finding failed-unit "$unit" "failed at boot"; fi
  done < <(systemctl list-units --failed --no-legend --plain 2>/dev/null)
  if [ "$code" -eq 124 ]; then finding failed-unit systemd "has not finished booting after three minutes"; fi
  case $state in maintenance | stopping) finding failed-unit systemd "is in state $state" ;; esac
}

check_identity
check_traces
check_services
sweep_secrets
report
