#!/bin/sh
# Installs containerd, runc and CNI plugins from Debian; containers get their control groups from systemd, and the kernel forwards for them.
#
# Exit codes: 0 installed, 1 failed.
set -eu
umask 022

fail() {
  echo "install: $*" >&2
  exit 1
}

if ! dpkg-query -W -f '${Status}' containerd containernetworking-plugins 2>/dev/null | grep -q 'ok installedinstall ok installed'; then
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 \
    install --no-install-recommends containerd runc containernetworking-plugins iptables </dev/null >&2 || fail "containerd cannot be installed"
fi

mkdir -p /etc/containerd
containerd config default | sed -e 's/SystemdCgroup = false/SystemdCgroup = true/' -e 's|/opt/cni/bin|/usr/lib/cni|' >/etc/containerd/config.toml
grep -q 'SystemdCgroup = true' /etc/containerd/config.toml || fail "containerd knows no SystemdCgroup any more"

printf '%s\n' overlay br_netfilter >/etc/modules-load.d/60-containers.conf
# After the baseline's own file, which leaves these alone.
cat >/etc/sysctl.d/70-containers.conf <<'SYSCTL'
net.ipv4.ip_forward = 1
-net.ipv6.conf.all.forwarding = 1
-net.bridge.bridge-nf-call-iptables = 1
-net.bridge.bridge-nf-call-ip6tables = 1
SYSCTL

systemctl enable containerd.service >&2
if [ -d /run/systemd/system ]; then
  modprobe -a overlay br_netfilter || fail "the kernel has no overlay or br_netfilter"
  sysctl -q -p /etc/sysctl.d/70-containers.conf >&2 || fail "the kernel refuses to forward"
  systemctl restart containerd.service
fi
printf '{"step":"install","containerd":"%s","runc":"%s"}\n' "$(dpkg-query -W -f '${Version}' containerd)" "$(dpkg-query -W -f '${Version}' runc)"
