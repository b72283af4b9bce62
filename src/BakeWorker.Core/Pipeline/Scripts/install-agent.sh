#!/bin/sh
# User data of builders whose base has no SSM agent (Debian, RHEL, minimal Amazon Linux 2023): installs it at the first boot, once its
# origin is proved. cloud-init keeps a copy of user data on the machine: no secret may ever be in here.
#
# Amazon Linux has the agent in its own signed repository. Elsewhere the worker fills in, before launch, at least one of:
#   KEY      the agent's signing key (an OpenPGP public key), ASCII-armoured and then base64. AWS publishes it in the Systems Manager
#            guide, "Verifying the signature of SSM Agent", and replaces it every year and a half: hence a setting, not a constant.
#   SHA256   the package's own digest, for a VERSION that is pinned
# Without either nothing is installed, and the console says why.
set -eu

KEY='@SSM_AGENT_KEY@'
SHA256='@SSM_AGENT_SHA256@'
VERSION='@SSM_AGENT_VERSION@'

fail() {
  echo "bakeworker: the SSM agent is not installed: $*" >&2
  if [ -w /dev/console ]; then echo "bakeworker: the SSM agent is not installed: $*" >/dev/console; fi
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }
start() {
  systemctl enable --now amazon-ssm-agent.service
  exit 0
}

if has dpkg && has apt-get; then
  if dpkg-query -W -f '${Status}' amazon-ssm-agent 2>/dev/null | grep -q 'ok installed'; then start; fi
  family=debian file=amazon-ssm-agent.deb
  case $(dpkg --print-architecture) in
    amd64) build=debian_amd64 ;;
    arm64) build=debian_arm64 ;;
    *) fail "there is none for $(dpkg --print-architecture)" ;;
  esac
elif has rpm && has dnf; then
  if rpm -q amazon-ssm-agent >/dev/null 2>&1; then start; fi
  if grep -q '^ID="amzn"' /etc/os-release; then
    dnf -y install amazon-ssm-agent || fail "dnf cannot install it from Amazon Linux's repository"
    start
  fi
  family=rpm file=amazon-ssm-agent.rpm
  case $(uname -m) in
    x86_64) build=linux_amd64 ;;
    aarch64) build=linux_arm64 ;;
    *) fail "there is none for $(uname -m)" ;;
  esac
else
  fail "neither apt nor dnf is here"
fi

case $KEY in @*@) KEY='' ;; esac
case $SHA256 in @*@) SHA256='' ;; esac
case $VERSION in '' | @*@) VERSION=latest ;; esac
[ -n "$KEY$SHA256" ] || fail "neither its signing key nor its digest is configured"

missing=''
if [ "$family" = debian ]; then
  if ! has curl; then missing=curl; fi
  # apt brought gpgv until Debian 13, whose apt checks signatures by another program.
  if [ -n "$KEY" ] && ! has gpgv; then missing="$missing gpgv"; fi
fi
if [ -n "$missing" ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q -o DPkg::Lock::Timeout=600 update || fail "$missing is missing, and the package lists cannot be read"
  # shellcheck disable=SC2086
  apt-get -q -y -o DPkg::Lock::Timeout=600 install $missing || fail "$missing is missing"
fi
get() { curl -fsS --retry 10 --retry-connrefused --max-time 300 "$@"; }

metadata=http://169.254.169.254/latest
token=$(get -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$metadata/api/token") || fail "there is no metadata token"
region=$(get -H "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/placement/region") || fail "the region is unknown"
domain=$(get -H "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/services/domain") || domain=amazonaws.com

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
package=$work/$file
source=https://s3.$region.$domain/amazon-ssm-$region/$VERSION/$build/$file
get --proto =https -o "$package" "$source" || fail "$source cannot be downloaded"

if [ -n "$SHA256" ]; then
  [ "$(sha256sum <"$package" | cut -d' ' -f1)" = "$SHA256" ] || fail "$source has another digest than $SHA256"
fi
if [ -n "$KEY" ]; then
  printf '%s' "$KEY" | base64 -d | tr -d '\r' >"$work/key.asc" || fail "the configured key cannot be read"
fi

if [ "$family" = debian ]; then
  if [ -n "$KEY" ]; then
    get --proto =https -o "$package.sig" "$source.sig" || fail "its signature cannot be downloaded"
    # gpgv wants the key without its armour.
    awk '
      /^-----BEGIN/ { inside = 1; header = 1; next }
      /^-----END/ { inside = 0 }
      inside && header { if ($0 ~ /^[[:space:]]*$/) header = 0; next }
      inside && !/^=/ { print }' "$work/key.asc" | base64 -d >"$work/key.gpg" || fail "the configured key cannot be read"
    gpgv --keyring "$work/key.gpg" "$package.sig" "$package" || fail "its signature is not by the configured key"
  fi
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends "$package" </dev/null || fail "apt refuses the package"
else
  if [ -n "$KEY" ]; then
    # A key database of its own: the image shall not trust the key for anything else, nor this package any other key.
    mkdir "$work/rpmdb"
    rpm --dbpath "$work/rpmdb" --import "$work/key.asc" || fail "the configured key cannot be read"
    rpm --dbpath "$work/rpmdb" -K "$package" | grep -q 'signatures OK' || fail "its signature is not by the configured key"
  fi
  dnf -y install --nogpgcheck "$package" || fail "dnf refuses the package" # checked above, by a key that dnf does not know
fi
start
