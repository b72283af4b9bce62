#!/bin/sh
# linux/install-ssm-agent - sees to it that the SSM agent is in the image and starts at boot: for bases that come without it.
#
# On a builder with `agent: install` the worker has installed it already, by user data, and this step only makes sure that it stays. Where it
# is missing (a guest whose commands come another way) it is taken from Amazon Linux's own repository, or downloaded and installed once its
# origin is proved, in one of two ways. Without either of them nothing is downloaded. Safe to run again; it never replaces an agent under
# whose feet this very step runs.
#
# Environment (needed where the agent is missing, except on Amazon Linux):
#   AGENT_KEY       the agent's signing key as AWS publishes it in the Systems Manager guide: an armoured OpenPGP key, then base64
#   AGENT_SHA256    or the digest of the package, for a version that is pinned
#   AGENT_VERSION   which one, as AWS's folders are called; default `latest`
#   AGENT_SOURCE    where to download instead of AWS's bucket: the folder above debian_amd64/ and linux_amd64/
#
# Prints one line of JSON. Exit codes: 0 installed, 1 failed or not proved, 2 a value that cannot be used, 64 a system without such a package.
set -eu
umask 022

AGENT_KEY=${AGENT_KEY:-}
AGENT_SHA256=${AGENT_SHA256:-}
AGENT_VERSION=${AGENT_VERSION:-latest}
AGENT_SOURCE=${AGENT_SOURCE:-}

fail() {
  echo "install-ssm-agent: $2" >&2
  exit "$1"
}
has() { command -v "$1" >/dev/null 2>&1; }
get() { curl -fsS --retry 5 --retry-connrefused --max-time 300 "$@"; }

case $AGENT_VERSION in '' | *[!A-Za-z0-9.-]*) fail 2 "AGENT_VERSION must be a version such as 3.3.1611.0, or latest" ;; esac
case $AGENT_SHA256 in *[!0-9a-f]*) fail 2 "AGENT_SHA256 must be a digest in lower-case hex" ;; esac
[ "$(id -u)" = 0 ] || fail 1 "must run as root"

finish() {
  # Ubuntu's own is a snap, which starts by itself.
  if [ "$1" != snap ]; then systemctl enable amazon-ssm-agent.service >&2 || fail 1 "its service cannot be enabled"; fi
  printf '{"step":"install-ssm-agent","from":"%s"}\n' "$1"
  exit 0
}

if has snap && snap list amazon-ssm-agent >/dev/null 2>&1; then finish snap; fi
if has dpkg && has apt-get; then
  if dpkg-query -W -f '${Status}' amazon-ssm-agent 2>/dev/null | grep -q 'ok installed'; then finish present; fi
  family=debian file=amazon-ssm-agent.deb
elif has rpm && has dnf; then
  if rpm -q amazon-ssm-agent >/dev/null 2>&1; then finish present; fi
  if grep -q '^ID="amzn"' /etc/os-release; then
    dnf -y install amazon-ssm-agent </dev/null >&2 || fail 1 "dnf cannot install it from Amazon Linux's repository"
    finish repository
  fi
  family=linux file=amazon-ssm-agent.rpm
else
  fail 64 "neither apt nor dnf is here"
fi
case $(uname -m) in
  x86_64) build=${family}_amd64 ;;
  aarch64) build=${family}_arm64 ;;
  *) fail 64 "there is none for $(uname -m)" ;;
esac

[ -n "$AGENT_KEY$AGENT_SHA256" ] || fail 1 "neither its signing key nor its digest is given; set AGENT_KEY or AGENT_SHA256"
has curl || fail 1 "curl is missing; install it in a step before this one"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$AGENT_SOURCE" ]; then
  metadata=http://169.254.169.254/latest
  token=$(get -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$metadata/api/token") || fail 1 "there is no metadata token"
  region=$(get -H "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/placement/region") || fail 1 "the Region is unknown"
  domain=$(get -H "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/services/domain") || domain=amazonaws.com
  AGENT_SOURCE=https://s3.$region.$domain/amazon-ssm-$region/$AGENT_VERSION
fi
package=$work/$file
get -o "$package" "$AGENT_SOURCE/$build/$file" || fail 1 "$AGENT_SOURCE/$build/$file cannot be downloaded"
if [ -n "$AGENT_SHA256" ]; then
  [ "$(sha256sum <"$package" | cut -d' ' -f1)" = "$AGENT_SHA256" ] || fail 1 "the package has another digest than $AGENT_SHA256"
fi
if [ -n "$AGENT_KEY" ]; then
  # Debian 13's apt has no need of it.
  if ! has gpgv && has apt-get; then
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends gpgv </dev/null >&2 || true
  fi
  has gpgv || fail 1 "gpgv is missing, so the signature cannot be checked"
  get -o "$package.sig" "$AGENT_SOURCE/$build/$file.sig" || fail 1 "its signature cannot be downloaded"
  printf '%s' "$AGENT_KEY" | base64 -d | tr -d '\r' | awk '
    /^-----BEGIN/ { inside = 1; header = 1; next }
    /^-----END/ { inside = 0 }
    inside && header { if ($0 ~ /^[[:space:]]*$/) header = 0; next }
    inside && !/^=/ { print }' | base64 -d >"$work/key.gpg" || fail 1 "AGENT_KEY cannot be read"
  gpgv --keyring "$work/key.gpg" "$package.sig" "$package" 2>"$work/gpgv" || fail 1 "its signature does not hold: $(tail -n 1 "$work/gpgv")"
fi
if [ "$family" = debian ]; then
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends "$package" </dev/null >&2 ||
    fail 1 "apt refuses the package"
else
  dnf -y install --nogpgcheck "$package" </dev/null >&2 || fail 1 "dnf refuses the package" # checked above, by a key that dnf does not know
fi
finish download
