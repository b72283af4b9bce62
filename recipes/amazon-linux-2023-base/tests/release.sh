#!/bin/sh
# The image is Amazon Linux 2023, at the release that was asked for, running its newest kernel, with an SSM agent that starts at boot.
#
# Environment: PATCH_RELEASE, as given to the patch step; empty or `latest` accepts any release.
# Exit codes: 0 as asked, 1 not.
set -eu

fail() {
  echo "$*"
  exit 1
}

[ "$(grep -cE '^(ID="amzn"|VERSION_ID="2023")$' /etc/os-release)" = 2 ] || fail "this is not Amazon Linux 2023"
release=$(rpm -q --qf '%{VERSION}' system-release)
case ${PATCH_RELEASE:-} in
  '' | latest | "$release") ;;
  *) fail "the image is at release $release, not $PATCH_RELEASE" ;;
esac
[ -x /usr/bin/amazon-ssm-agent ] || fail "the image has no SSM agent"
if [ -d /run/systemd/system ]; then
  systemctl is-enabled --quiet amazon-ssm-agent.service || fail "the SSM agent does not start at boot"
  newest=$(rpm -q --last kernel kernel6.12 kernel6.18 2>/dev/null | awk '/^kernel/ { sub(/^kernel[0-9.]*-/, "", $1); print $1; exit }')
  [ -z "$newest" ] || [ "$newest" = "$(uname -r)" ] || fail "the machine runs kernel $(uname -r), although $newest is installed"
fi
echo "Amazon Linux 2023, release $release"
