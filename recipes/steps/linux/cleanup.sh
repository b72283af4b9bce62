#!/bin/bash
# linux/cleanup - removes what made this machine an individual, and what nobody needs twice: identity, keys, histories, caches, logs.
#
# The SSM agent's state and BakeWorker's own traces stay, because the agent reports this very step from them: the seal removes them.
# What must be made anew by each instance is made by cloud-init, or by bakeworker-keys.service where cloud-init is absent.
# Safe to run again.
#
# Environment (all optional):
#   BAKE_ID, RECIPE, RECIPE_DIGEST, SOURCE_IMAGE   written to /etc/bakeworker-release when BAKE_ID is given; on Amazon Linux with the
#               release that the image is locked to
#   KEEP_LOGS   1 leaves /var/log alone; default 0
#   ROOT        another root directory; then nothing of the running system is asked or stopped
#
# Prints one line of JSON. Exit codes: 0 clean, 1 something could not be removed, 2 a value that cannot be used.
set -eu
umask 022
shopt -s nullglob dotglob
export LC_ALL=C

ROOT=${ROOT:-}
ROOT=${ROOT%/}
KEEP_LOGS=${KEEP_LOGS:-0}
removed=0
emptied=0
failures=0

say() { echo "cleanup: $*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }
live() { [ -z "$ROOT" ]; }
systemd_runs() { live && [ -d /run/systemd/system ] && has systemctl; }

if live && [ "$(id -u)" != 0 ]; then
  say "must run as root"
  exit 1
fi
for name in BAKE_ID RECIPE RECIPE_DIGEST SOURCE_IMAGE; do
  if [[ ${!name:-} =~ [^A-Za-z0-9._:/@+-] ]]; then
    say "$name may only hold letters, digits and . _ : / @ + -"
    exit 2
  fi
done

# The directories this script runs from and in; what holds them is not removed.
own=("$(readlink -f "${BASH_SOURCE[0]:-$0}")" "$(readlink -f "$PWD")/.")
holds_us() {
  local path=$1 mine
  for mine in "${own[@]}"; do
    if [[ $mine == "$path" || $mine == "$path"/* ]]; then return 0; fi
  done
  return 1
}

# A link in another root must not lead us out of it.
is_inside() {
  live || [[ $(readlink -f "$(dirname "$1")")/ == "$(readlink -f "$ROOT")"/* ]]
}

# remove PATH...: files and directories, present or not.
remove() {
  local path
  for path in "$@"; do
    if [[ ! -e $path && ! -L $path ]] || ! is_inside "$path"; then continue; fi
    if holds_us "$(readlink -f "$(dirname "$path")")/$(basename "$path")"; then continue; fi
    if rm -rf --one-file-system -- "$path" 2>/dev/null; then
      removed=$((removed + 1))
    else
      failures=$((failures + 1))
      say "could not remove ${path#"$ROOT"}"
    fi
  done
}

# empty PATH...: keeps the file, its owner and whoever writes to it.
empty() {
  local path
  for path in "$@"; do
    if [[ ! -f $path || -L $path || ! -s $path ]] || ! is_inside "$path"; then continue; fi
    if : >"$path"; then
      emptied=$((emptied + 1))
    else
      failures=$((failures + 1))
      say "could not empty ${path#"$ROOT"}"
    fi
  done
}

homes() {
  {
    printf '/root\n/etc/skel\n'
    if [ -r "$ROOT/etc/passwd" ]; then cut -d: -f6 "$ROOT/etc/passwd"; fi
    for home in "$ROOT"/home/*; do printf '%s\n' "${home#"$ROOT"}"; done
  } | grep -E '^/.' | grep -Ev '^/(proc|dev|sys|run|bin|sbin|usr/s?bin)?$' | sort -u
}

clean_packages() {
  if live && has apt-get; then
    # Kernels that the running one replaced: every image would carry them, and every scan would report them.
    # Where there is no kernel at all, apt is not asked: that takes it a second.
    old=''
    if dpkg-query -W -f '${Package}\n' 2>/dev/null | grep -Eq '^linux-(image|headers|modules)'; then
      # Left to itself apt also keeps the kernel before; without its protection it is for us to keep the running one.
      old=$(apt-get -s -o Debug::NoLocking=1 -o APT::Protect-Kernels=false autoremove 2>/dev/null |
        awk -v running="$(uname -r)" '$1 == "Remv" && $2 ~ /^linux-(image|headers|modules)/ && index($2, running) == 0 { print $2 }')
    fi
    if [ -n "$old" ]; then
      # shellcheck disable=SC2086
      DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 purge $old </dev/null >&2 || failures=$((failures + 1))
    fi
  elif live && has dnf; then
    old=$(dnf -q repoquery --installed --installonly --latest-limit=-1 </dev/null 2>/dev/null || true)
    if [ -n "$old" ]; then
      # shellcheck disable=SC2086
      dnf -y remove $old </dev/null >&2 || failures=$((failures + 1))
    fi
  fi
  remove "$ROOT"/var/cache/apt/archives/*.deb "$ROOT"/var/cache/apt/archives/partial/* "$ROOT"/var/cache/apt/*.bin
  for list in "$ROOT"/var/lib/apt/lists/*; do
    case ${list##*/} in partial | auxfiles) remove "$list"/* ;; *) remove "$list" ;; esac
  done
  remove "$ROOT"/var/lib/apt/periodic/* "$ROOT"/var/cache/debconf/*-old "$ROOT"/var/lib/dpkg/*-old "$ROOT"/var/lib/ucf/*.[0-9]
  remove "$ROOT"/var/cache/{dnf,yum,libdnf5,PackageKit}/* "$ROOT"/var/lib/dnf/history* "$ROOT"/var/lib/rpm/__db.*
}

clean_first_boot() {
  if [[ -e $ROOT/etc/cloud/cloud.cfg || -e $ROOT/usr/bin/cloud-init ]]; then
    if live && has cloud-init; then cloud-init clean --logs >/dev/null 2>&1 || say "cloud-init clean failed; its files are removed by name"; fi
    # Written again at the first boot, like everything in /var/lib/cloud.
    remove "$ROOT"/etc/sudoers.d/90-cloud-init-users
    if [ -s "$ROOT/etc/hostname" ]; then
      echo localhost >"$ROOT/etc/hostname"
      emptied=$((emptied + 1))
    fi
  fi
  remove "$ROOT"/var/lib/cloud/* "$ROOT"/var/log/cloud-init* "$ROOT"/run/cloud-init/*
}

clean_identity() {
  # Empty, neither absent nor "uninitialized": those mean a first boot, at which presets would undo what the recipe enabled or disabled.
  if [ -L "$ROOT/etc/machine-id" ]; then remove "$ROOT/etc/machine-id"; fi
  if [[ -s $ROOT/etc/machine-id || ! -e $ROOT/etc/machine-id ]]; then
    : >"$ROOT/etc/machine-id"
    chmod 444 "$ROOT/etc/machine-id"
    emptied=$((emptied + 1))
  fi
  if [[ -e $ROOT/var/lib/dbus/machine-id && ! -L $ROOT/var/lib/dbus/machine-id ]]; then
    remove "$ROOT"/var/lib/dbus/machine-id
    ln -s /etc/machine-id "$ROOT/var/lib/dbus/machine-id"
  fi
  remove "$ROOT"/etc/ssh/ssh_host_*_key "$ROOT"/etc/ssh/ssh_host_*_key.pub
  remove "$ROOT"/var/lib/systemd/random-seed "$ROOT"/var/lib/systemd/credential.secret "$ROOT"/var/lib/urandom/random-seed \
    "$ROOT"/var/lib/random-seed "$ROOT"/boot/efi/loader/random-seed "$ROOT"/boot/loader/random-seed
  remove "$ROOT"/var/lib/dhcp/*.lease* "$ROOT"/var/lib/dhclient/* "$ROOT"/var/lib/NetworkManager/*.lease* "$ROOT"/var/lib/NetworkManager/secret_key \
    "$ROOT"/var/lib/dhcpcd/*.lease* "$ROOT"/etc/udev/rules.d/70-persistent-net.rules
  # One private key for all instances is no private key.
  remove "$ROOT"/etc/ssl/private/ssl-cert-snakeoil.key "$ROOT"/etc/ssl/certs/ssl-cert-snakeoil.pem "$ROOT"/etc/pki/tls/private/localhost.key \
    "$ROOT"/etc/pki/tls/certs/localhost.crt
}

# One serial and one key for all instances is what the snap store takes for a single machine. Until the next boot snapd asks for no new ones.
clean_snapd() {
  local device=$ROOT/var/lib/snapd/device/private-keys-v1 socket=$ROOT/run/snapd.socket keys
  keys=("$device"/*)
  if [ ${#keys[@]} -eq 0 ]; then return 0; fi
  if [ -S "$socket" ]; then
    curl -fsS --max-time 60 --unix-socket "$socket" -H 'Content-Type: application/json' \
      -d '{"action":"forget","no-registration-until-reboot":true}' http://localhost/v2/model/serial >/dev/null || true
  fi
  keys=("$device"/*)
  if [ ${#keys[@]} -eq 0 ]; then
    removed=$((removed + 1))
  else
    failures=$((failures + 1))
    say "snapd did not forget its serial and key; it must be running, and version 2.54 or later"
  fi
}

clean_homes() {
  local home
  while read -r home; do
    home=$ROOT$home
    [ -d "$home" ] || continue
    remove "$home"/.ssh/authorized_keys* "$home"/.ssh/known_hosts*
    remove "$home"/.{bash,zsh,ash,sh,python,node_repl,psql,mysql,sqlite,rediscli}_history "$home"/.history "$home"/.{lesshst,viminfo,wget-hsts,Xauthority,sudo_as_admin_successful} \
      "$home"/.local/share/{fish/fish_history,nano} "$home"/.cache "$home"/.ansible/tmp "$home"/.{bash_history,viminfo}-*.tmp
  done < <(homes)
}

clean_logs() {
  [ "$KEEP_LOGS" != 1 ] && [ -d "$ROOT/var/log" ] || return 0
  local file
  while IFS= read -r -d '' file; do
    case $file in
      *.gz | *.xz | *.bz2 | *.zst | *.old | *.[0-9] | *.[0-9][0-9] | *-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]) remove "$file" ;;
      *) empty "$file" ;; # somebody may have it open
    esac
  done < <(find "$ROOT/var/log" -xdev \( -path "$ROOT/var/log/journal" -o -path "$ROOT/var/log/amazon/ssm" \) -prune -o -type f -print0)
  remove "$ROOT"/var/log/journal/*/*@* # rotated ones; the seal takes the open one, and says what happened until then
}

clean_temporary() {
  local path
  remove "$ROOT"/var/crash/* "$ROOT"/var/lib/systemd/coredump/* "$ROOT"/var/spool/{cron/lastrun,mail}/* "$ROOT"/root/*.log
  for path in "$ROOT"/tmp/* "$ROOT"/var/tmp/*; do
    case ${path##*/} in
      systemd-private-*) # a running service holds the directory; at boot systemd removes it
        if systemd_runs; then remove "$path"/tmp/*; else remove "$path"; fi
        ;;
      snap-private-tmp) remove "$path"/*/tmp/* ;;
      *) remove "$path" ;;
    esac
  done
  if systemd_runs; then
    local swap
    while read -r swap; do
      # Swap may hold any secret that was ever in memory.
      if [ -f "$swap" ] && swapoff "$swap"; then
        dd if=/dev/zero of="$swap" bs=1M count="$(($(stat -c %s "$swap") / 1048576))" conv=notrunc status=none && mkswap "$swap" >/dev/null
      fi
    done < <(awk '$2 == "file" { print $1 }' /proc/swaps)
  fi
}

# Where nothing else would give an instance its own keys.
arrange_new_keys() {
  if [[ ! -e $ROOT/usr/bin/ssh-keygen || ! -e $ROOT/etc/ssh/sshd_config || -e $ROOT/usr/bin/cloud-init ]]; then return 0; fi
  if compgen -G "$ROOT/usr/lib/systemd/system/sshd-keygen*" >/dev/null; then return 0; fi
  local unit=$ROOT/etc/systemd/system/bakeworker-keys.service
  mkdir -p "$ROOT/etc/systemd/system/multi-user.target.wants"
  cat >"$unit" <<'UNIT'
[Unit]
Description=Make this instance's own SSH host keys
ConditionPathExistsGlob=!/etc/ssh/ssh_host_*_key
Before=ssh.service sshd.service

[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -A

[Install]
WantedBy=multi-user.target
UNIT
  chmod 644 "$unit"
  ln -sf ../bakeworker-keys.service "$ROOT/etc/systemd/system/multi-user.target.wants/bakeworker-keys.service"
}

write_release() {
  local name
  [ -n "${BAKE_ID:-}" ] || return 0
  {
    for name in BAKE_ID RECIPE RECIPE_DIGEST SOURCE_IMAGE; do
      if [ -n "${!name:-}" ]; then printf '%s="%s"\n' "$name" "${!name}"; fi
    done
    # Amazon Linux 2023 stays at this release until somebody names another one.
    if live && grep -q '^ID="amzn"' /etc/os-release; then printf 'SYSTEM_RELEASE="%s"\n' "$(rpm -q --qf '%{VERSION}' system-release)"; fi
  } >"$ROOT/etc/bakeworker-release"
  chmod 644 "$ROOT/etc/bakeworker-release"
}

used() { df -Pk "${ROOT:-/}" 2>/dev/null | awk 'NR == 2 { print $3 }'; }

before=$(used)
clean_packages
clean_first_boot
clean_homes
clean_logs
clean_temporary
arrange_new_keys
clean_identity
clean_snapd
write_release
after=$(used)
freed=$((${before:-0} - ${after:-0}))
if [ "$freed" -lt 0 ]; then freed=0; fi
printf '{"step":"cleanup","removed":%d,"emptied":%d,"freedMiB":%d,"failures":%d}\n' "$removed" "$emptied" "$((freed / 1024))" "$failures"
[ "$failures" -eq 0 ]
