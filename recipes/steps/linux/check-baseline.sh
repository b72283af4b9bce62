#!/bin/bash
# linux/check-baseline - a boot test: the machine is the system that was asked for, whole, at the right time, and on its newest kernel.
#
# What only a machine of its own has (services, kernel, disk, metadata) is looked at where systemd runs.
#
# Environment (all optional):
#   EXPECT_SYSTEM   ID and VERSION_ID of /etc/os-release, such as debian-12; of VERSION_ID the beginning is enough: rhel-9
#   APP_VERSION     as given to linux/baseline
#   PATCH_RELEASE   as given to linux/patch; empty or `latest` accepts any release of Amazon Linux
#
# Prints one line per fault, then one line of JSON. Exit codes: 0 as asked, 1 not.
set -eu
export LC_ALL=C
faults=0

bad() {
  faults=$((faults + 1))
  printf 'FAILED %s: %s\n' "$1" "$2"
}
has() { command -v "$1" >/dev/null 2>&1; }
os() { sed -n "s/^$1=\"\{0,1\}\([A-Za-z0-9._-]*\)\"\{0,1\}\$/\1/p" /etc/os-release; }
id=$(os ID)

check_system() {
  local is release
  is=$id-$(os VERSION_ID)
  case ${EXPECT_SYSTEM:-$is} in
    "$is") ;;
    *) case $is in "$EXPECT_SYSTEM".*) ;; *) bad system "this is $is, not $EXPECT_SYSTEM" ;; esac ;;
  esac
  if has dpkg && [ -n "$(dpkg --audit)" ]; then bad packages "some are left half installed; see dpkg --audit"; fi
  if [ "$id" = amzn ]; then
    release=$(rpm -q --qf '%{VERSION}' system-release)
    case ${PATCH_RELEASE:-} in
      '' | latest | "$release") ;;
      *) bad release "the image is locked to $release, not to $PATCH_RELEASE" ;;
    esac
    grep -qxF "SYSTEM_RELEASE=\"$release\"" /etc/bakeworker-release || bad release "/etc/bakeworker-release does not record $release"
  fi
  if [ -n "${APP_VERSION:-}" ] && ! grep -qxF "APP_VERSION=\"$APP_VERSION\"" /etc/house-baseline; then
    bad version "/etc/house-baseline does not name version $APP_VERSION"
  fi
}

check_time() {
  local sources
  # -p reads every file that chronyd would read, and prints what it understood; but not what it watches by sourcedir.
  sources=$(
    chronyd -p 2>/dev/null || true
    cat /etc/chrony.d/*.sources /etc/chrony/sources.d/*.sources 2>/dev/null || true
  )
  grep -q '^server 169\.254\.169\.123 ' <<<"$sources" || bad time "chrony does not use Amazon's time service"
  if grep '^pool ' <<<"$sources" | grep -qv '\.amazon\.pool\.ntp\.org'; then bad time "chrony still asks a public pool"; fi
}

check_machine() {
  local newest size disk free answer
  systemctl is-active --quiet chrony.service || systemctl is-active --quiet chronyd.service || bad time "chrony does not run"
  newest=$(for kernel in /boot/vmlinuz-*; do if [ -e "$kernel" ]; then echo "${kernel#/boot/vmlinuz-}"; fi; done | grep -v rescue | sort -V | tail -n 1)
  if [ -n "$newest" ] && [ "$newest" != "$(uname -r)" ]; then bad kernel "the machine runs $(uname -r), although $newest is installed"; fi
  case $id in
    debian | ubuntu)
      [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null || echo N)" = Y ] || bad apparmor "AppArmor is off"
      ;;
    rhel) [ "$(getenforce)" = Enforcing ] || bad selinux "SELinux is $(getenforce)" ;;
    amzn) [ "$(getenforce)" != Disabled ] || bad selinux "SELinux is off" ;;
  esac
  # The agent of Ubuntu is a snap: a module list that blocks squashfs would take it away.
  if [ "$id" = ubuntu ] && ! snap list amazon-ssm-agent >/dev/null 2>&1; then bad agent "the SSM agent's snap is gone"; fi
  if has cloud-init; then
    answer=0
    cloud-init status >/dev/null 2>&1 || answer=$?
    case $answer in 0 | 2) ;; *) bad cloud-init "the first boot ended with an error; see cloud-init status --long" ;; esac
  fi
  # The volume may be larger than the image; the file system has to follow.
  size=$(df -B1 --output=size / | tail -n 1)
  disk=$(lsblk -bdno SIZE "/dev/$(lsblk -no PKNAME "$(findmnt -no SOURCE /)" | head -n 1)" 2>/dev/null | tr -dc '0-9') || disk=0
  if [ "${disk:-0}" -gt 0 ] && [ "$size" -lt "$((disk * 4 / 5))" ]; then bad disk "the root file system has $size of the volume's $disk bytes"; fi
  free=$(df -B1 --output=avail / | tail -n 1)
  if [ "$free" -lt $((512 * 1024 * 1024)) ]; then bad disk "only $free bytes are free"; fi
  if [ "$(df --output=ipcent / | tr -dc '0-9')" -gt 90 ] 2>/dev/null; then bad disk "the root file system has hardly an inode left"; fi
}

# bash's own sockets, because not every image has curl.
check_metadata() {
  local answer=''
  if { exec 3<>/dev/tcp/169.254.169.254/80; } 2>/dev/null; then
    printf 'GET /latest/meta-data/ HTTP/1.0\r\nHost: 169.254.169.254\r\n\r\n' >&3
    IFS= read -r -t 5 answer <&3 || true
    exec 3>&-
    case $answer in *' 401 '*) ;; *) bad metadata "the metadata service answers without a token: '${answer%$'\r'}'" ;; esac
  fi
}

check_system
check_time
if [ -d /run/systemd/system ]; then
  check_machine
  check_metadata
fi
printf '{"test":"check-baseline","system":"%s-%s","faults":%d}\n' "$id" "$(os VERSION_ID)" "$faults"
[ "$faults" -eq 0 ]
