#!/bin/sh
# linux/baseline - what every machine of the house has besides its hardening: time from the host, and a file that says what it is.
#
# Works on apt and dnf systems. Safe to run again.
#
# Environment (all optional):
#   APP_VERSION    version of the application that this image is made for; written to /etc/house-baseline
#   LOCK_TIMEOUT   seconds to wait for another package manager to finish; default 600
#   ROOT           another root directory; then chrony must be there already, and nothing is restarted
#
# Prints one line of JSON. Exit codes: 0 done, 1 failed, 2 a value that cannot be used.
set -eu
umask 022

APP_VERSION=${APP_VERSION:-}
LOCK_TIMEOUT=${LOCK_TIMEOUT:-600}
ROOT=${ROOT:-}
ROOT=${ROOT%/}

fail() {
  echo "baseline: $2" >&2
  exit "$1"
}
has() { command -v "$1" >/dev/null 2>&1; }

case $APP_VERSION in *[!A-Za-z0-9._+~-]*) fail 2 "APP_VERSION may only hold letters, digits and . _ + ~ -" ;; esac
case $LOCK_TIMEOUT in '' | *[!0-9]*) fail 2 "LOCK_TIMEOUT must be a number of seconds, not '$LOCK_TIMEOUT'" ;; esac
[ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || fail 1 "must run as root"

os() { sed -n "s/^$1=\"\{0,1\}\([A-Za-z0-9._-]*\)\"\{0,1\}\$/\1/p" "$ROOT/etc/os-release"; }

# The lists are there since the patch step. chrony replaces whichever time daemon the base has, since two would fight.
install_chrony() {
  [ -z "$ROOT" ] || return 0
  if has apt-get && has dpkg-query; then
    if dpkg-query -W -f '${Status}' chrony 2>/dev/null | grep -q 'ok installed'; then return 0; fi
    DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a apt-get -q -y -o "DPkg::Lock::Timeout=$LOCK_TIMEOUT" -o Dpkg::Use-Pty=0 \
      install --no-install-recommends chrony </dev/null >&2 || fail 1 "chrony cannot be installed"
  elif has dnf && has rpm; then
    if rpm -q chrony >/dev/null 2>&1; then return 0; fi
    dnf -y install chrony </dev/null >&2 || fail 1 "chrony cannot be installed"
  else
    fail 1 "neither apt nor dnf is here"
  fi
}

# Amazon's time service needs no route to the internet. It spreads leap seconds, public pools do not: asking both would mix two clocks.
set_time_source() {
  if [ -e "$ROOT/etc/chrony/chrony.conf" ]; then
    conf=/etc/chrony/chrony.conf dir=/etc/chrony/conf.d
  elif [ -e "$ROOT/etc/chrony.conf" ]; then
    conf=/etc/chrony.conf dir=/etc/chrony.d
  else
    fail 1 "chrony has no configuration"
  fi
  mkdir -p "$ROOT$dir"
  # Amazon Linux names the service by itself; named twice it would be an error of chrony's.
  if ! cat "$ROOT$conf" "$ROOT$dir"/*.conf "$ROOT$dir"/*.sources 2>/dev/null | grep -q '^server 169\.254\.169\.123 '; then
    echo 'server 169.254.169.123 prefer iburst minpoll 4 maxpoll 4' >"$ROOT$dir/60-bakeworker.conf"
    if ! grep -Eq "^(confdir|include)[[:space:]].*$dir" "$ROOT$conf"; then printf 'confdir %s\n' "$dir" >>"$ROOT$conf"; fi
  fi
  for file in "$ROOT$conf" "$ROOT$dir"/*.conf "$ROOT$dir"/*.sources; do
    if [ -f "$file" ] && grep -Eq '^pool[[:space:]]' "$file"; then sed -i 's/^pool[[:space:]]/# &/' "$file"; fi
  done
  if [ -z "$ROOT" ] && [ -d /run/systemd/system ] && has systemctl; then
    systemctl try-restart chrony.service chronyd.service 2>/dev/null || true
  fi
}

install_chrony
set_time_source

system=$(os ID)-$(os VERSION_ID)
{
  printf 'BASELINE="%s"\n' "$system"
  if [ -n "$APP_VERSION" ]; then printf 'APP_VERSION="%s"\n' "$APP_VERSION"; fi
} >"$ROOT/etc/house-baseline"
chmod 644 "$ROOT/etc/house-baseline"
printf '{"step":"baseline","system":"%s","appVersion":"%s"}\n' "$system" "$APP_VERSION"
