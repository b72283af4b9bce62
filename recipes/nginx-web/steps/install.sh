#!/bin/sh
# Installs nginx from Debian and sets it up: no version in answers, TLS 1.2 and later only, /healthz for load balancers.
#
# Exit codes: 0 installed, 1 failed.
set -eu
umask 022

fail() {
  echo "install: $*" >&2
  exit 1
}

if ! dpkg-query -W -f '${Status}' nginx 2>/dev/null | grep -q 'ok installed'; then
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 \
    install --no-install-recommends nginx curl </dev/null >&2 || fail "nginx cannot be installed"
fi

# These stand in the vendor's file, where a second value would be an error.
sed -i -e 's/^\([[:space:]]*\)ssl_protocols .*/\1ssl_protocols TLSv1.2 TLSv1.3;/' -e '/^[[:space:]]*server_tokens /d' /etc/nginx/nginx.conf
echo 'server_tokens off;' >/etc/nginx/conf.d/60-house.conf

cat >/etc/nginx/sites-available/house <<'SITE'
server {
  listen 80 default_server;
  listen [::]:80 default_server;
  server_name _;
  root /var/www/html;

  location = /healthz {
    access_log off;
    default_type text/plain;
    return 200 "ok\n";
  }
}
SITE
rm -f /etc/nginx/sites-enabled/default
ln -sf ../sites-available/house /etc/nginx/sites-enabled/house

mkdir -p /etc/systemd/system/nginx.service.d
cat >/etc/systemd/system/nginx.service.d/60-house.conf <<'UNIT'
[Service]
Restart=on-failure
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectHome=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectSystem=full
UNIT

systemctl enable nginx.service >&2
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  # Not in a sandbox: it opens the ports that it is told to, and a builder there shares its host's.
  nginx -t -q || fail "nginx refuses its settings"
  systemctl restart nginx.service
fi
printf '{"step":"install","nginx":"%s"}\n' "$(dpkg-query -W -f '${Version}' nginx)"
