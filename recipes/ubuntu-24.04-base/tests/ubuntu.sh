#!/bin/sh
# The image is Ubuntu 24.04 with all its packages whole, and where an init runs: its SSM agent's snap is on, AppArmor too, and ssh answers.
#
# Exit codes: 0 as it should be, 1 not.
set -eu

fail() {
  echo "$*"
  exit 1
}

[ "$(grep -cE '^(ID=ubuntu|VERSION_ID="24.04")$' /etc/os-release)" = 2 ] || fail "this is not Ubuntu 24.04"
[ -z "$(dpkg --audit)" ] || fail "packages are left half installed"
if [ -d /run/systemd/system ]; then
  # squashfs is what snaps are made of: a module list that blocks it would take the agent away.
  snap list amazon-ssm-agent >/dev/null 2>&1 || fail "the SSM agent's snap is gone"
  systemctl is-active --quiet ssh.socket || systemctl is-active --quiet ssh.service || fail "ssh does not answer"
  [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null || echo N)" = Y ] || fail "AppArmor is off"
fi
echo "Ubuntu 24.04 is as it should be"
