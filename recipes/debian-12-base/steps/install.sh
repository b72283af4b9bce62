#!/bin/sh
# Installs what every Debian machine of the house has: time from the host, and a file that says what the image is made for.
#
# Environment: APP_VERSION, the version of the application this image is made for.
# Exit codes: 0 installed, 1 failed, 2 no APP_VERSION.
set -eu

[ -n "${APP_VERSION:-}" ] || {
  echo "install: APP_VERSION is not given" >&2
  exit 2
}

# The lists are there since the patch step; chrony replaces whichever time daemon the base has, since two would fight.
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a
if ! dpkg-query -W -f '${Status}' chrony 2>/dev/null | grep -q 'ok installed'; then
  apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 install --no-install-recommends chrony </dev/null >&2
fi

# Amazon's time service needs no route to the internet. It spreads leap seconds, public pools do not: asking both would mix two clocks.
mkdir -p /etc/chrony/conf.d
cat >/etc/chrony/conf.d/amazon.conf <<'CONF'
server 169.254.169.123 prefer iburst minpoll 4 maxpoll 4
CONF
sed -i 's/^pool /# &/' /etc/chrony/chrony.conf
if [ -d /run/systemd/system ]; then systemctl restart chrony.service; fi

cat >/etc/house-baseline <<BASELINE
BASELINE="debian-12"
APP_VERSION="$APP_VERSION"
BASELINE
chmod 644 /etc/house-baseline
echo "{\"step\":\"install\",\"appVersion\":\"$APP_VERSION\",\"chrony\":\"$(dpkg-query -W -f '${Version}' chrony)\"}"
