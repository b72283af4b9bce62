#!/bin/sh
# The runner is the one that was asked for, starts as an account of its own, and has nothing to register with.
#
# Environment: RUNNER_VERSION, as given to the install step. Exit codes: 0 as it should be, 1 not.
set -eu

fail() {
  echo "$*"
  exit 1
}

root=/opt/actions-runner
[ "$(cat $root/.installed)" = "$RUNNER_VERSION" ] || fail "the image has another runner than $RUNNER_VERSION"
[ "$(runuser -u ci-runner -- $root/bin/Runner.Listener --version)" = "$RUNNER_VERSION" ] || fail "the runner does not start"
for trace in $root/.runner $root/.credentials $root/.credentials_rsaparams /etc/ci-runner/registration; do
  [ ! -e "$trace" ] || fail "$trace came with the image: every instance would be the same runner"
done
systemctl is-enabled --quiet ci-runner.path || fail "the runner does not start at boot"
echo "runner $RUNNER_VERSION"
