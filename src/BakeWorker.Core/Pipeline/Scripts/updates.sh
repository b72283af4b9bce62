#!/bin/sh
# Run by the worker on an instance of the image in use: which updates the patch step would find in it now.
#
# Prints `updates: N`, then the first of them, one a line. Installs nothing. Lists of packages are fetched anew; that they could not be is a
# failure, because old lists know no updates. An instance that has begun to update itself says nothing of its image, so that is one, too.
#
# Environment, as of the patch step: LOCK_TIMEOUT, PATCH_RELEASE, PATCH_SECURITY. ROOT, another root directory, for tests.
# Exit codes: 0 printed, 1 the package manager failed, 2 a value that cannot be used, 3 packages changed since the instance booted,
# 64 no known package manager.
set -eu
export LC_ALL=C

ROOT=${ROOT:-}
LOCK_TIMEOUT=${LOCK_TIMEOUT:-600}
PATCH_RELEASE=${PATCH_RELEASE:-}
PATCH_SECURITY=${PATCH_SECURITY:-0}
SHOWN=50
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "updates: $2" >&2
  exit "$1"
}
has() { command -v "$1" >/dev/null 2>&1; }

case $LOCK_TIMEOUT in '' | *[!0-9]*) fail 2 "LOCK_TIMEOUT must be a number of seconds, not '$LOCK_TIMEOUT'" ;; esac
case $PATCH_RELEASE in *[!0-9a-z.]*) fail 2 "PATCH_RELEASE must look like 2023.6.20250218 or be 'latest'" ;; esac

# Whatever cloud-init and timers do at boot, what they have installed is in the instance, and not in the image.
must_be_as_captured() {
  booted=$(sed -n 's/^btime //p' "$ROOT/proc/stat" 2>/dev/null) || booted=''
  [ -n "$booted" ] || fail 3 "nothing says when this instance booted"
  for database in var/lib/dpkg/status usr/lib/sysimage/rpm/rpmdb.sqlite var/lib/rpm/rpmdb.sqlite var/lib/rpm/Packages; do
    if [ -e "$ROOT/$database" ] && [ "$(stat -c %Y "$ROOT/$database")" -ge "$booted" ]; then
      fail 3 "packages were changed since this instance booted ($database): it updates itself"
    fi
  done
}

refresh_apt() {
  waited=0
  until apt-get -q -o Acquire::Retries=3 --error-on=any update </dev/null >&2; do
    if [ "$waited" -ge "$LOCK_TIMEOUT" ] || ! { has fuser && fuser /var/lib/apt/lists/lock >/dev/null 2>&1; }; then
      fail 1 "apt-get update failed: from old lists nobody can tell what is pending"
    fi
    sleep 10
    waited=$((waited + 10))
  done
}

ask_apt() {
  refresh_apt
  apt-get -q -s -o APT::Get::Always-Include-Phased-Updates=true dist-upgrade </dev/null >"$work/said" || fail 1 "apt-get -s dist-upgrade failed"
  sed -n -e 's/^Inst \([^ ]*\) \[\([^]]*\)\] (\([^ ]*\) .*/\1 \2 -> \3/p' -e t -e 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1 \2/p' "$work/said" >"$work/list"
  # What is not understood must not pass for nothing.
  [ "$(grep -c '^Inst ' "$work/said")" -eq "$(wc -l <"$work/list")" ] || fail 1 "the answer of apt-get -s dist-upgrade is not understood"
}

# Images of Amazon Linux 2023 are locked to their release, so a newer release is an update of its own.
newest_release() {
  if [ -n "$PATCH_RELEASE" ]; then
    printf '%s\n' "$PATCH_RELEASE"
    return
  fi
  dnf -q check-release-update --refresh --version-only </dev/null >"$work/releases" 2>/dev/null || true
  grep -E '^[0-9]{4}(\.[0-9]+)+$' "$work/releases" | sort -V | tail -n 1
}

ask_dnf() {
  set -- -q check-update --refresh
  if [ "$PATCH_SECURITY" = 1 ]; then set -- "$@" --security; fi
  if [ "$id" = amzn ]; then
    release=$(newest_release)
    if [ -n "$release" ]; then set -- "$@" "--releasever=$release"; fi
  fi
  code=0
  timeout "$((LOCK_TIMEOUT + 600))" dnf "$@" </dev/null >"$work/said" || code=$?
  case $code in
    0) : >"$work/list" ;;
    100)
      sed '/^Obsoleting /,$d' "$work/said" | awk 'NF == 3 { print $1, $2 }' >"$work/list"
      [ -s "$work/list" ] || fail 1 "the answer of dnf check-update is not understood"
      ;;
    *) fail 1 "dnf check-update failed with exit code $code" ;;
  esac
}

id=''
if [ -r "$ROOT/etc/os-release" ]; then id=$(sed -n 's/^ID="\{0,1\}\([a-z0-9._-]*\)"\{0,1\}$/\1/p' "$ROOT/etc/os-release"); fi
if has apt-get && has dpkg; then
  ask_apt
elif has dnf && has rpm; then
  ask_dnf
else
  fail 64 "neither apt nor dnf is here; '${id:-this system}' is not supported"
fi
# Looked at last: it may have begun meanwhile.
must_be_as_captured
printf 'updates: %d\n' "$(wc -l <"$work/list")"
head -n "$SHOWN" "$work/list"
