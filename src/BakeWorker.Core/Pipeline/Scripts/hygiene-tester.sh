#!/bin/sh
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

BOOTED=${BOOTED:-$(process_one_began)}
case $BOOTED in '' | *[!0-9]*) stop "BOOTED must be seconds since 1970, not '$BOOTED'" ;; esac
is_older() { [ "$(stat -c %Y -- "$1")" -lt "$BOOTED" ]; }

own_instance() {
  if [ -n "${INSTANCE_ID:-}" ]; then
    printf '%s' "$INSTANCE_ID"
  elif [ -z "$ROOT" ] && [ -r /sys/devices/virtual/dmi/id/board_asset_tag ]; then
    grep -E '^i-[0-9a-f]+$' /sys/devices/virtual/dmi/id/board_asset_tag || true
  fi
}

check_identity() {
  file=$ROOT/etc/machine-id
  id=''
  if [ -r "$file" ]; then id=$(cat "$file"); fi
  case $id in
    '') # Without an init nobody fills it; the image is right all the same.
      if [ -z "$ROOT" ] && [ -d /run/systemd/system ]; then finding machine-id "$file" "this machine has made no id of its own"; fi
      ;;
    *[!0-9a-f]* | 00000000000000000000000000000000) finding machine-id "$file" "not 32 hexadecimal digits" ;;
    ????????????????????????????????) if is_older "$file"; then finding machine-id "$file" "came with the image: every instance would have it"; fi ;;
    *) finding machine-id "$file" "not 32 hexadecimal digits" ;;
  esac
  for key in "$ROOT"/etc/ssh/ssh_host_*_key; do
    if [ -e "$key" ] && is_older "$key"; then finding ssh-host-key "$key" "came with the image: every instance would have it"; fi
  done
  while IFS= read -r home; do
    for key in "$ROOT$home"/.ssh/authorized_keys*; do
      [ -e "$key" ] || continue
      # A key given at launch is written at boot, and is alone.
      if is_older "$key" || [ "$(grep -cv -e '^#' -e '^$' -- "$key")" -gt 1 ]; then finding authorized-keys "$key" "came with the image"; fi
    done
  done <"$work/homes"
}

# state_of RULE DIRECTORY: of this instance, and of no other.
state_of() {
  own=$(own_instance)
  : >"$work/others"
  for dir in "$ROOT$2"/i-*; do
    if [ -d "$dir" ] && [ "${dir##*/}" != "$own" ]; then printf '%s\n' "$dir" >>"$work/others"; fi
  done
  # As long as nobody says who we are, one may be ours.
  if [ -z "$own" ] && [ "$(grep -c '' "$work/others")" -le 1 ]; then return 0; fi
  while IFS= read -r dir; do finding "$1" "$dir" "state of another instance"; done <"$work/others"
}

# before_boot RULE DIRECTORY HINT TEST...: one finding for a directory with files that are older than this boot.
before_boot() {
  rule=$1 dir=$ROOT$2 hint=$3
  shift 3
  [ -d "$dir" ] && [ ! -L "$dir" ] || return 0
  if [ -n "$(find "$dir" -xdev -type f ! -newermt "@$BOOTED" "$@" -print 2>/dev/null | head -c 1)" ]; then finding "$rule" "$dir" "$hint"; fi
}

check_traces() {
  state_of cloud-init-state /var/lib/cloud/instances
  state_of ssm-state /var/lib/amazon/ssm
  before_boot package-lists /var/lib/apt/lists "lists of packages came with the image" ! -newerct "@$BOOTED" ! -name lock
  before_boot old-logs /var/log "logs of the builder" -size +0
  before_boot temporary-files /tmp "left by the builder" ! -newerct "@$BOOTED"
  before_boot temporary-files /var/tmp "left by the builder" ! -newerct "@$BOOTED"
  # Our own steps leave traces while they run, this one too; those of the builder are older.
  before_boot bakeworker-state /var/lib/bakeworker "traces of the builder's steps"
  if [ -n "${BAKE_ID:-}" ] && [ -e "$ROOT/etc/bakeworker-release" ]; then
    grep -qxF "BAKE_ID=\"$BAKE_ID\"" "$ROOT/etc/bakeworker-release" || finding release "$ROOT/etc/bakeworker-release" "names another bake"
  fi
}

sweep_secrets
check_identity
check_traces
report
