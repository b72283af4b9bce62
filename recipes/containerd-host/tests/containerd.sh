#!/bin/sh
# containerd has the settings it was given, and where an init runs: it answers, with overlay snapshots, on a kernel that forwards.
#
# Exit codes: 0 as it should be, 1 not.
set -eu

fail() {
  echo "$*"
  exit 1
}

containerd config dump 2>/dev/null | grep -q 'SystemdCgroup = true' || fail "containers would not get their control groups from systemd"
runc --version >/dev/null || fail "runc does not run"
[ -x /usr/lib/cni/bridge ] || fail "there are no CNI plugins"
if [ -d /run/systemd/system ]; then
  systemctl is-active --quiet containerd.service || fail "containerd does not run"
  ctr version >/dev/null || fail "containerd does not answer"
  ctr plugins ls | grep -Eq 'snapshotter.*overlayfs.* ok *$' || fail "there are no overlay snapshots"
  grep -q '^br_netfilter ' /proc/modules || fail "br_netfilter is not loaded"
  [ "$(cat /proc/sys/net/ipv4/ip_forward)" = 1 ] || fail "the kernel does not forward"
fi
echo "containerd is as it should be"
