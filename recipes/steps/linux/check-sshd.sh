#!/bin/sh
# linux/check-sshd - a boot test: sshd accepts its settings, lets nobody in by password or as root, and, where an init runs, listens.
#
# Exit codes: 0 as it should be, 1 not.
set -eu

fail() {
  echo "$*"
  exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p /run/sshd
set --
if ! ls /etc/ssh/ssh_host_*_key >/dev/null 2>&1; then
  # Without an init nothing has made host keys yet; sshd wants one even for a look at its settings.
  ssh-keygen -q -t ed25519 -N '' -f "$work/key"
  set -- -h "$work/key"
fi
/usr/sbin/sshd -T "$@" >"$work/settings" || fail "sshd refuses its settings"
for setting in 'permitrootlogin no' 'passwordauthentication no' 'kbdinteractiveauthentication no' 'permitemptypasswords no'; do
  grep -qx "$setting" "$work/settings" || fail "sshd does not say '$setting'"
done

if [ -d /run/systemd/system ]; then
  # Ubuntu 24.04 and later start sshd by its socket; RHEL and Amazon Linux call the service sshd.
  running=false
  for unit in ssh.socket ssh.service sshd.service; do
    if systemctl is-active --quiet "$unit"; then running=true; fi
  done
  $running || fail "ssh does not run"
  ls /etc/ssh/ssh_host_*_key >/dev/null 2>&1 || fail "this machine has made no host keys"
fi
echo "sshd is as it should be"
