#!/bin/sh
# linux/install-cloudwatch-agent - the CloudWatch agent from AWS, once its origin is proved. It starts at boot when it has a configuration.
#
# Amazon Linux has it in its own signed repository. Elsewhere it comes from AWS's bucket in the instance's Region, and is installed only when
# its signature is by the key with the fingerprint below, or when it has the digest that the recipe names; or both, where both are given.
# Safe to run again.
#
# Environment (all optional):
#   AGENT_VERSION       which one, as AWS's folders are called; default `latest`
#   AGENT_SHA256        digest of the package, for a version that is pinned
#   AGENT_FINGERPRINT   of the key that signs; default: the one AWS publishes in the CloudWatch guide
#   AGENT_CONFIG        the agent's configuration, as JSON; default: none, and the agent stays off
#   AGENT_SOURCE        where to download instead of AWS's bucket: the folder above debian/, ubuntu/ and redhat/
#
# Prints one line of JSON. Exit codes: 0 installed, 1 failed or not proved, 2 a value that cannot be used, 64 a system without such a package.
set -eu
umask 022

AGENT_VERSION=${AGENT_VERSION:-latest}
AGENT_SHA256=${AGENT_SHA256:-}
AGENT_FINGERPRINT=${AGENT_FINGERPRINT:-937616F3450B7D806CBD9725D58167303B789C72}
AGENT_CONFIG=${AGENT_CONFIG:-}
AGENT_SOURCE=${AGENT_SOURCE:-}

fail() {
  echo "install-cloudwatch-agent: $2" >&2
  exit "$1"
}
has() { command -v "$1" >/dev/null 2>&1; }
get() { curl -fsS --retry 5 --retry-connrefused --max-time 300 "$@"; }

case $AGENT_VERSION in '' | *[!A-Za-z0-9.-]*) fail 2 "AGENT_VERSION must be a version such as 1.300049.1, or latest" ;; esac
case $AGENT_SHA256 in *[!0-9a-f]*) fail 2 "AGENT_SHA256 must be a digest in lower-case hex" ;; esac
case $AGENT_FINGERPRINT in *[!0-9A-F]*) fail 2 "AGENT_FINGERPRINT must be upper-case hex without spaces" ;; esac
[ "$(id -u)" = 0 ] || fail 1 "must run as root"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# source: AWS's bucket in this Region.
source_url() {
  if [ -n "$AGENT_SOURCE" ]; then
    printf '%s\n' "$AGENT_SOURCE"
    return
  fi
  metadata=http://169.254.169.254/latest
  token=$(get -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$metadata/api/token") || fail 1 "there is no metadata token"
  region=$(get -H "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/placement/region") || fail 1 "the Region is unknown"
  domain=$(get -H "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/services/domain") || domain=amazonaws.com
  printf 'https://amazoncloudwatch-agent-%s.s3.%s.%s\n' "$region" "$region" "$domain"
}

# download FOLDER FILE: leaves the proved package in $package.
download() {
  has curl || fail 1 "curl is missing; install it in a step before this one"
  url=$(source_url)
  package=$work/$2
  get -o "$package" "$url/$1/$AGENT_VERSION/$2" || fail 1 "$url/$1/$AGENT_VERSION/$2 cannot be downloaded"
  if [ -n "$AGENT_SHA256" ]; then
    [ "$(sha256sum <"$package" | cut -d' ' -f1)" = "$AGENT_SHA256" ] || fail 1 "the package has another digest than $AGENT_SHA256"
  fi
  # Debian 13's apt has no need of it.
  if ! has gpgv && has apt-get; then
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends gpgv </dev/null >&2 || true
  fi
  has gpgv || fail 1 "gpgv is missing, so the signature cannot be checked"
  get -o "$package.sig" "$url/$1/$AGENT_VERSION/$2.sig" || fail 1 "its signature cannot be downloaded"
  get -o "$work/key.asc" "$url/assets/amazon-cloudwatch-agent.gpg" || fail 1 "its key cannot be downloaded"
  # gpgv wants the key without its armour. Where the key comes from does not matter: its fingerprint does.
  awk '
    /^-----BEGIN/ { inside = 1; header = 1; next }
    /^-----END/ { inside = 0 }
    inside && header { if ($0 ~ /^[[:space:]]*$/) header = 0; next }
    inside && !/^=/ { print }' "$work/key.asc" | tr -d '\r' | base64 -d >"$work/key.gpg" || fail 1 "the key cannot be read"
  gpgv --status-fd 1 --keyring "$work/key.gpg" "$package.sig" "$package" >"$work/status" 2>"$work/gpgv" ||
    fail 1 "its signature does not hold: $(tail -n 1 "$work/gpgv")"
  # The last word of VALIDSIG is the fingerprint of the primary key.
  awk -v wanted="$AGENT_FINGERPRINT" '$2 == "VALIDSIG" && $NF == wanted { found = 1 } END { exit !found }' "$work/status" ||
    fail 1 "it is signed by another key than $AGENT_FINGERPRINT"
}

machine() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) fail 64 "there is none for $(uname -m)" ;;
  esac
}

if has dpkg && has apt-get; then
  if ! dpkg-query -W -f '${Status}' amazon-cloudwatch-agent 2>/dev/null | grep -q 'ok installed'; then
    # AWS builds Debian's package for one architecture only; Ubuntu's is the same file for both.
    download "ubuntu/$(machine)" amazon-cloudwatch-agent.deb
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends "$package" </dev/null >&2 ||
      fail 1 "apt refuses the package"
  fi
  version=$(dpkg-query -W -f '${Version}' amazon-cloudwatch-agent)
elif has rpm && has dnf; then
  if ! rpm -q amazon-cloudwatch-agent >/dev/null 2>&1; then
    if grep -q '^ID="amzn"' /etc/os-release; then
      dnf -y install amazon-cloudwatch-agent </dev/null >&2 || fail 1 "dnf cannot install it from Amazon Linux's repository"
    else
      download "redhat/$(machine)" amazon-cloudwatch-agent.rpm
      dnf -y install --nogpgcheck "$package" </dev/null >&2 || fail 1 "dnf refuses the package" # checked above, by a key that dnf does not know
    fi
  fi
  version=$(rpm -q --qf '%{VERSION}-%{RELEASE}' amazon-cloudwatch-agent)
else
  fail 64 "neither apt nor dnf is here"
fi

enabled=false
if [ -n "$AGENT_CONFIG" ]; then
  # Read and translated at every start of the service.
  mkdir -p /opt/aws/amazon-cloudwatch-agent/etc
  printf '%s\n' "$AGENT_CONFIG" >/opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.json
  systemctl enable amazon-cloudwatch-agent.service >&2 || fail 1 "its service cannot be enabled"
  enabled=true
fi
printf '{"step":"install-cloudwatch-agent","version":"%s","startsAtBoot":%s}\n' "$version" "$enabled"
