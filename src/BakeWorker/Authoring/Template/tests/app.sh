#!/bin/sh
# Runs on an instance of the captured image: what was installed is there, and works.
#
# Environment: GREETING, as given to the install step. Exit codes: 0 it works, 1 not.
set -eu

said=$(/usr/local/bin/@NAME@)
[ "$said" = "$GREETING" ] || {
  echo "@NAME@ says '$said' instead of '$GREETING'"
  exit 1
}
echo "@NAME@ greets"
