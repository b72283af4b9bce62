#!/bin/bash
# Installs GitHub's Actions runner under an account of its own, from an archive with the digest that the recipe names, and a service that
# registers it at boot for one job. Nothing that it registers with is in the image.
#
# Environment: RUNNER_VERSION, RUNNER_SHA256; RUNNER_ROOT (optional), where it goes instead of /opt/actions-runner.
# Exit codes: 0 installed, 1 failed or another digest, 2 a value that cannot be used.
set -euo pipefail
umask 022

fail() {
  echo "install: $2" >&2
  exit "$1"
}

[[ ${RUNNER_VERSION:-} =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail 2 "RUNNER_VERSION must be a version such as 2.335.1"
[[ ${RUNNER_SHA256:-} =~ ^[0-9a-f]{64}$ ]] || fail 2 "RUNNER_SHA256 must be the digest of the archive"
root=${RUNNER_ROOT:-/opt/actions-runner}

# What the runner and nearly every job need; libicu carries the number of its release in its name.
if ! command -v git >/dev/null || ! command -v jq >/dev/null; then
  icu=$(apt-cache --names-only search '^libicu[0-9]+$' | sort -V | awk 'END { print $1 }')
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 \
    install --no-install-recommends ca-certificates curl git jq unzip zstd ${icu:+"$icu"} </dev/null >&2 || fail 1 "its needs cannot be installed"
fi

if ! id ci-runner >/dev/null 2>&1; then useradd --system --create-home --home-dir /home/ci-runner --shell /usr/sbin/nologin ci-runner; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
file=actions-runner-linux-x64-$RUNNER_VERSION.tar.gz
curl -fsSL --proto '=https' --retry 5 --max-time 900 -o "$work/$file" "https://github.com/actions/runner/releases/download/v$RUNNER_VERSION/$file" ||
  fail 1 "$file cannot be downloaded"
[ "$(sha256sum <"$work/$file" | cut -d' ' -f1)" = "$RUNNER_SHA256" ] || fail 1 "$file has another digest than $RUNNER_SHA256"

rm -rf "$root"
mkdir -p "$root"
tar -xzf "$work/$file" -C "$root" --no-same-owner
printf '%s\n' "$RUNNER_VERSION" >"$root/.installed"
chown -R ci-runner:ci-runner "$root"

cat >/usr/local/sbin/ci-runner <<'START'
#!/bin/bash
# Registers this machine for one job, does it, and ends. Runs as ci-runner, with the registration as its environment.
set -euo pipefail
cd /opt/actions-runner
./config.sh --unattended --ephemeral --disableupdate --replace --url "$RUNNER_URL" --token "$RUNNER_TOKEN" \
  --name "$(hostname)" --labels "${RUNNER_LABELS:-self-hosted}"
unset RUNNER_TOKEN
exec ./run.sh
START
chmod 755 /usr/local/sbin/ci-runner

# A path and not a target starts it: user data writes the registration late in the boot, and whatever waited for that would wait for itself.
cat >/etc/systemd/system/ci-runner.path <<'UNIT'
[Unit]
Description=Wait for what the CI runner registers with

[Path]
PathExists=/etc/ci-runner/registration

[Install]
WantedBy=multi-user.target
UNIT
cat >/etc/systemd/system/ci-runner.service <<'UNIT'
[Unit]
Description=CI runner for one job
Wants=network-online.target
After=network-online.target
SuccessAction=poweroff
FailureAction=poweroff

[Service]
User=ci-runner
# The token leaves the disk before anything of a job can read it, and where it goes nobody but root reads it.
ExecStartPre=+/usr/bin/install -m 600 /etc/ci-runner/registration /run/ci-runner.env
ExecStartPre=+/bin/rm -f /etc/ci-runner/registration
EnvironmentFile=-/run/ci-runner.env
ExecStart=/usr/local/sbin/ci-runner
ExecStartPost=-+/bin/rm -f /run/ci-runner.env
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=full
UNIT
install -d -m 750 -o root -g ci-runner /etc/ci-runner
systemctl enable ci-runner.path >&2
printf '{"step":"install","runner":"%s"}\n' "$RUNNER_VERSION"
