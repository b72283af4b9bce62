#!/bin/sh
# linux/patch - brings every installed package to its newest version, without questions.
#
# Works on Debian and Ubuntu (apt), Amazon Linux 2023 and RHEL and its kin (dnf). Safe to run again: it first finishes what an
# interrupted run left half done. It never restarts the machine; when the new kernel wants a restart it leaves /run/reboot-required,
# which a step with `reboot: if-needed` answers.
#
# Environment (all optional):
#   LOCK_TIMEOUT      seconds to wait for another package manager to finish; default 600
#   PATCH_RELEASE     Amazon Linux 2023 only: the release to move to, such as 2023.6.20250218, or `latest`; default: the newest one
#   PATCH_SECURITY    dnf only: 1 takes security updates alone; default 0
#   CLOUD_INIT        `wait` (default) fails when the first boot failed; `ignore` does not look at it
#   ROOT              where /etc/os-release, /boot and /run are looked for, and /run/reboot-required is left; for tests of this script
#
# Prints one line of JSON. Exit codes: 0 patched, 1 the package manager failed, 2 a value that cannot be used, 3 the first boot
# failed, 64 no known package manager.
set -eu

LOCK_TIMEOUT=${LOCK_TIMEOUT:-600}
PATCH_RELEASE=${PATCH_RELEASE:-}
PATCH_SECURITY=${PATCH_SECURITY:-0}
CLOUD_INIT=${CLOUD_INIT:-wait}
ROOT=${ROOT:-}

say() { echo "patch: $*" >&2; }
fail() {
  say "$2"
  exit "$1"
}
has() { command -v "$1" >/dev/null 2>&1; }
has_systemd() { [ -d "$ROOT/run/systemd/system" ] && has systemctl; }

case $LOCK_TIMEOUT in '' | *[!0-9]*) fail 2 "LOCK_TIMEOUT must be a number of seconds, not '$LOCK_TIMEOUT'" ;; esac
case $PATCH_RELEASE in *[!0-9a-z.]*) fail 2 "PATCH_RELEASE must look like 2023.6.20250218 or be 'latest'" ;; esac

# Packages that cloud-init installs at first boot would race ours for the lock, and a half-configured machine is no base.
wait_for_first_boot() {
  [ "$CLOUD_INIT" = wait ] && has_systemd && has cloud-init || return 0
  code=0
  timeout 900 cloud-init status --wait >/dev/null 2>&1 || code=$?
  case $code in
    0 | 2) ;; # 2: done, with errors it recovered from
    124) fail 3 "cloud-init has not finished within 15 minutes; look at /var/log/cloud-init-output.log" ;;
    *) fail 3 "cloud-init ended with an error; look at /var/log/cloud-init.log, or set CLOUD_INIT=ignore" ;;
  esac
}

# The agent of an Ubuntu image is a snap: a refresh in the middle of a step would restart it under us.
hold_snaps() {
  if has_systemd && has snap; then snap refresh --hold=24h >/dev/null 2>&1 || true; fi
}

ask_for_reboot() {
  mkdir -p "$ROOT/run"
  : >>"$ROOT/run/reboot-required"
}

# The newest kernel in /boot, empty when the machine has none of its own.
newest_kernel() {
  for kernel in "$ROOT"/boot/vmlinuz-*; do
    if [ -e "$kernel" ]; then printf '%s\n' "${kernel##*/vmlinuz-}"; fi
  done | grep -v rescue | sort -V | tail -n 1
}

kernel_is_old() {
  newest=$(newest_kernel)
  running=$(uname -r)
  [ -n "$newest" ] && [ "$newest" != "$running" ] && [ "$(printf '%s\n%s\n' "$newest" "$running" | sort -V | tail -n 1)" = "$newest" ]
}

# Ubuntu gives some updates to a part of its machines first, by their machine id, of which every builder has another.
apt() {
  apt-get -q -o "DPkg::Lock::Timeout=$LOCK_TIMEOUT" -o Acquire::Retries=3 \
    -o APT::Get::Always-Include-Phased-Updates=true -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" </dev/null
}

# apt's lock timeout does not cover the lock of the package lists.
apt_update() {
  waited=0
  until apt --error-on=any update; do
    wait_while_locked /var/lib/apt/lists/lock ||
      fail 1 "apt-get update failed: patching from old lists would leave known holes open"
  done
}

# dpkg by itself waits for nobody. What it cannot configure for want of a dependency apt installs then.
finish_installation() {
  waited=0
  until dpkg --force-confdef --force-confold --configure -a </dev/null; do
    wait_while_locked /var/lib/dpkg/lock-frontend || break
  done
  apt -y --fix-broken install || fail 1 "an installation that was interrupted before cannot be finished; see dpkg --audit"
}

# wait_while_locked FILE: some seconds, when somebody holds it and there is time left.
wait_while_locked() {
  if [ "$waited" -ge "$LOCK_TIMEOUT" ] || ! is_locked "$ROOT$1"; then return 1; fi
  say "another process holds $1; waiting"
  sleep 10
  waited=$((waited + 10))
}

is_locked() {
  [ -e "$1" ] && awk -v inode="$(stat -c %i "$1")" '{ n = split($6, part, ":"); if (part[n] == inode) found = 1 } END { exit !found }' /proc/locks
}

patch_apt() {
  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a NEEDRESTART_SUSPEND=1 UCF_FORCE_CONFFOLD=1 APT_LISTCHANGES_FRONTEND=none
  if has_systemd; then
    # They take the dpkg lock at first boot. Stopped for now only; whether the image updates itself is decided by linux/harden.
    systemctl stop apt-daily.timer apt-daily-upgrade.timer apt-daily.service apt-daily-upgrade.service unattended-upgrades.service 2>/dev/null || true
  fi
  if [ -n "$(dpkg --audit 2>/dev/null)" ]; then
    say "finishing an interrupted installation"
    finish_installation >&2
  fi
  apt_update >&2
  before=$(dpkg-query -W -f '${Package} ${Version}\n' | LC_ALL=C sort | cksum)
  apt -y dist-upgrade >&2 || fail 1 "apt-get dist-upgrade failed"
  [ -z "$(dpkg --audit)" ] || fail 1 "packages are left half installed; see dpkg --audit"
  after=$(dpkg-query -W -f '${Package} ${Version}\n' | LC_ALL=C sort | cksum)
  packages=$(dpkg-query -W -f 'x' | wc -c)
  # Debian, unlike Ubuntu, leaves no sign of its own that the kernel changed.
  if kernel_is_old; then ask_for_reboot; fi
}

# Images of Amazon Linux 2023 are locked to their release: without a release named, an upgrade finds nothing.
al2023_release() {
  if [ -n "$PATCH_RELEASE" ]; then
    printf '%s\n' "$PATCH_RELEASE"
    return
  fi
  dnf -q check-release-update --help >/dev/null 2>&1 </dev/null || return 1
  # Its own choice of the latest compares text: 2023.9 after 2023.10.
  found=$(dnf -q check-release-update --refresh --version-only 2>/dev/null </dev/null | grep -E '^[0-9]{4}(\.[0-9]+)+$' | sort -V | tail -n 1) || true
  if [ -n "$found" ]; then printf '%s\n' "$found"; else rpm -q --qf '%{VERSION}\n' system-release; fi
}

patch_dnf() {
  before=$(rpm -qa | LC_ALL=C sort | cksum)
  set -- upgrade --refresh
  if [ "$PATCH_SECURITY" = 1 ]; then set -- "$@" --security; fi
  if [ "$id" = amzn ]; then
    release=$(al2023_release) || fail 1 "the newest release of Amazon Linux could not be found: dnf has no check-release-update; name one in PATCH_RELEASE"
    case $release in [0-9]*.[0-9]* | latest) ;; *) fail 1 "'$release' is not a release of Amazon Linux 2023" ;; esac
    set -- "$@" "--releasever=$release"
  fi
  timeout --foreground "$((LOCK_TIMEOUT + 3600))" dnf -y "$@" </dev/null >&2 || fail 1 "dnf upgrade failed"
  if [ -n "$release" ]; then
    # The package that holds the lock is no security update.
    if [ "$PATCH_SECURITY" = 1 ]; then
      timeout --foreground "$((LOCK_TIMEOUT + 600))" dnf -y upgrade system-release "--releasever=$release" </dev/null >&2 || fail 1 "dnf upgrade system-release failed"
    fi
    # The image is locked to what it says now, whatever was asked for: an upgrade that moved nothing must not pass as one.
    locked=$(rpm -q --qf '%{VERSION}' system-release)
    case $release in latest | "$locked") ;; *) fail 1 "the machine is locked to release $locked after an upgrade to $release" ;; esac
    release=$locked
  fi
  after=$(rpm -qa | LC_ALL=C sort | cksum)
  packages=$(rpm -qa | wc -l)
  code=0
  if has needs-restarting; then
    needs-restarting -r >/dev/null 2>&1 || code=$?
  else
    dnf -q needs-restarting -r >/dev/null 2>&1 </dev/null || code=$?
  fi
  if [ "$code" -eq 1 ] || kernel_is_old; then ask_for_reboot; fi
}

[ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || fail 1 "must run as root"
id=''
if [ -r "$ROOT/etc/os-release" ]; then id=$(sed -n 's/^ID="\{0,1\}\([a-z0-9._-]*\)"\{0,1\}$/\1/p' "$ROOT/etc/os-release"); fi
release=''
wait_for_first_boot
hold_snaps
if has apt-get && has dpkg; then
  family=apt
  patch_apt
elif has dnf && has rpm; then
  family=dnf
  patch_dnf
else
  fail 64 "neither apt nor dnf is here; '${id:-this system}' is not supported"
fi

changed=true
if [ "$before" = "$after" ]; then changed=false; fi
reboot=false
if [ -e "$ROOT/run/reboot-required" ]; then reboot=true; fi
printf '{"step":"patch","family":"%s","system":"%s","release":"%s","packages":%d,"changed":%s,"rebootNeeded":%s}\n' \
  "$family" "$id" "$release" "$packages" "$changed" "$reboot"
