#!/bin/sh
# nginx runs by itself, answers /healthz, and tells nobody its version. Where no init runs, the test starts it and stops it again.
#
# Exit codes: 0 as it should be, 1 not.
set -eu

fail() {
  echo "$*"
  exit 1
}

nginx -t -q || fail "nginx refuses its settings"
nginx -T 2>/dev/null | grep -q '^[[:space:]]*ssl_protocols TLSv1\.2 TLSv1\.3;' || fail "nginx would speak an old TLS"
if [ -d /run/systemd/system ]; then
  systemctl is-active --quiet nginx.service || fail "nginx does not run"
else
  nginx
  trap 'nginx -s stop' EXIT
fi
# Right after a start it may take a moment until it listens.
# lint: allow download-unchecked, it asks this machine only
answer=$(curl -sSi --retry 10 --retry-connrefused --max-time 5 http://127.0.0.1/healthz | tr -d '\r') || fail "nginx does not answer"
echo "$answer" | head -n 1 | grep -q ' 200 ' || fail "/healthz answers $(echo "$answer" | head -n 1)"
echo "$answer" | grep -qix 'server: nginx' || fail "nginx tells its version"
echo "nginx answers"
