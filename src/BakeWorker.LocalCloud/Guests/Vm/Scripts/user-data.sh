#!/bin/sh
# shellcheck disable=SC2154 # instance and environment are in the settings
# As cloud-init does it: user data once for each instance id, so again in an instance of a captured image; what it left for each boot, then.
set -u
state=/run/vm-guest
# shellcheck source=/dev/null
. "$state/settings"
home=/var/lib/cloud/instances/$instance

say() { echo "[vm] $*"; }

skip_agent() {
  mkdir -p "$state/skip"
  mount -t tmpfs -o mode=755,nosuid,nodev,size=1m tmpfs "$state/skip"
  for name in curl wget gpg gpgv dpkg dpkg-query rpm apt apt-get dnf yum snap systemctl; do
    cat "$state/skip-agent" >"$state/skip/$name"
    chmod 755 "$state/skip/$name"
  done
}

user_data() {
  if [ ! -s "$state/user-data" ] || [ -e "$home/sem/config_scripts_user" ]; then return 0; fi
  mkdir -p "$home/sem" "$home/scripts" && ln -sfn "$home" /var/lib/cloud/instance
  (umask 077 && cp "$state/user-data" "$home/user-data.txt")
  : >"$home/sem/config_scripts_user"
  case $(head -c 2 "$state/user-data" | tr -d '\0') in
    '#!') ;;
    *)
      say "user data is not a script and was not run"
      return 0
      ;;
  esac
  cp "$state/user-data" "$home/scripts/part-001" && chmod 700 "$home/scripts/part-001"
  skip_agent
  code=0
  # shellcheck disable=SC2086 # environment is words
  env -i $environment PATH="$state/skip:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "$home/scripts/part-001" </dev/null || code=$?
  say "user data ended with exit code $code"
}

if [ -d /var/lib/cloud/scripts/per-boot ]; then
  for script in /var/lib/cloud/scripts/per-boot/*; do
    if [ -x "$script" ]; then "$script" </dev/null; fi
  done
fi
user_data
