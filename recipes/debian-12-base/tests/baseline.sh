#!/bin/sh
# The image is what was asked for: made for this application version, and set to the host's clock.
#
# Environment: APP_VERSION, as given to the install step. Exit codes: 0 as asked, 1 not.
set -eu

grep -qxF "APP_VERSION=\"$APP_VERSION\"" /etc/house-baseline || {
  echo "/etc/house-baseline does not name version $APP_VERSION"
  exit 1
}

# -p reads every file that chronyd would read, and prints what it understood.
chronyd -p | grep -q '^server 169\.254\.169\.123 ' || {
  echo "chrony does not use Amazon's time service"
  exit 1
}
if chronyd -p | grep -q '^pool '; then
  echo "chrony still asks a public pool"
  exit 1
fi
if [ -d /run/systemd/system ]; then
  systemctl is-active --quiet chrony.service || {
    echo "chrony does not run"
    exit 1
  }
fi
echo "made for $APP_VERSION"
