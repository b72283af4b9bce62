#!/bin/bash
# linux/verify-clean - a test: is the machine that booted from the image its own, with nothing of its builder in it?
#
# The worker's built-in sweep looks for secrets; this test is the recipe author's own proof that linux/cleanup held until boot.
#
# Environment (all optional):
#   BAKE_ID       when given, /etc/bakeworker-release must name it
#   BOOT          2 after a restart by the boot test: what the first boot made is older then, so nothing is looked at; default 1
#   INSTANCE_ID   when given, state of cloud-init or the SSM agent may only be this instance's
#   ROOT          another root directory, as if it had booted at SINCE
#   SINCE         when the machine booted, in seconds since 1970; default: the start of process 1
#
# Prints one line per trace, then one line of JSON. Exit codes: 0 its own, 1 traces found, 2 could not look.
set -eu
shopt -s nullglob dotglob
export LC_ALL=C

ROOT=${ROOT:-}
ROOT=${ROOT%/}
traces=0
if [ "${BOOT:-1}" != 1 ]; then
  echo '{"test":"verify-clean","traces":0,"looked":false}'
  exit 0
fi

bad() {
  traces=$((traces + 1))
  printf 'FAILED %s: %s\n' "$1" "$2"
}

for tool in awk find grep stat; do
  command -v "$tool" >/dev/null || {
    echo "verify-clean: $tool is missing" >&2
    exit 2
  }
done

# Process 1 starts with the machine, in a sandbox too, where the kernel is older than the machine. Ten seconds are for rounding.
booted_at() {
  local since stat ticks
  since=$(awk '$1 == "btime" { print $2 }' /proc/stat)
  stat=$(cat /proc/1/stat)
  # shellcheck disable=SC2086
  set -- ${stat##*)}
  ticks=$(getconf CLK_TCK 2>/dev/null || echo 100)
  echo $((since + ${20} / ticks - 10))
}
SINCE=${SINCE:-$(booted_at)}
is_older() { [ "$(stat -c %Y "$1")" -lt "$SINCE" ]; }
has_systemd() { [ -z "$ROOT" ] && [ -d /run/systemd/system ]; }

id=''
if [ -r "$ROOT/etc/machine-id" ]; then id=$(cat "$ROOT/etc/machine-id"); fi
if [[ -n $id && ! $id =~ ^[0-9a-f]{32}$ ]]; then bad machine-id "/etc/machine-id holds '${id:0:40}'"; fi
if [[ $id =~ ^0*$ ]] && { [ -n "$id" ] || has_systemd; }; then bad machine-id "the machine has made no id of its own"; fi
if [ -n "$id" ] && is_older "$ROOT/etc/machine-id"; then bad machine-id "/etc/machine-id is older than this boot: every instance would have it"; fi

for key in "$ROOT"/etc/ssh/ssh_host_*_key; do
  if is_older "$key"; then bad host-key "${key#"$ROOT"} is older than this boot: every instance would have it"; fi
done
if has_systemd && command -v sshd >/dev/null; then
  if ! compgen -G '/etc/ssh/ssh_host_*_key' >/dev/null; then bad host-key "this machine has made no host keys"; fi
fi

while IFS=: read -r user _ _ _ _ home _; do
  if [ -z "$home" ] || [ "$home" = / ]; then continue; fi
  for keys in "$ROOT$home"/.ssh/authorized_keys*; do
    # A key that was given at launch is written at boot, and is the only one.
    if is_older "$keys" || [ "$(grep -cv -e '^#' -e '^$' "$keys")" -gt 1 ]; then bad authorized-keys "${keys#"$ROOT"} came with the image"; fi
  done
  for history in "$ROOT$home"/.*_history "$ROOT$home"/.lesshst "$ROOT$home"/.viminfo; do
    if [ -s "$history" ]; then bad history "$user has a history: ${history#"$ROOT"}"; fi
  done
done <"$ROOT/etc/passwd"

lists=$(find "$ROOT/var/lib/apt/lists" -maxdepth 1 -type f ! -name lock ! -newerct "@$SINCE" 2>/dev/null | wc -l)
if [ "$lists" -gt 0 ]; then bad package-lists "$lists package lists came with the image"; fi

only_own() { # RULE DIRECTORY PREFIX
  local dir found=()
  for dir in "$ROOT$2"/"$3"*; do
    if [ -d "$dir" ] && [ "${dir##*/}" != "${INSTANCE_ID:-}" ]; then found+=("${dir##*/}"); fi
  done
  if [ "${#found[@]}" -gt 1 ] || { [ "${#found[@]}" -eq 1 ] && [ -n "${INSTANCE_ID:-}" ]; }; then
    bad "$1" "$2 holds the state of another instance: ${found[*]}"
  fi
}
only_own ssm-state /var/lib/amazon/ssm i-
only_own cloud-init-state /var/lib/cloud/instances i-

if [ -n "${BAKE_ID:-}" ] && ! grep -qxF "BAKE_ID=\"$BAKE_ID\"" "$ROOT/etc/bakeworker-release" 2>/dev/null; then
  bad release "/etc/bakeworker-release does not name $BAKE_ID"
fi

printf '{"test":"verify-clean","traces":%d}\n' "$traces"
[ "$traces" -eq 0 ]
