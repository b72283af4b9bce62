#!/bin/sh
# Runs before the init of the image's own initial file system, only to be called by it once more at its end.
# shellcheck disable=SC2016 # expanded there
echo '/scripts/init-bottom/vm "$@"' >>/scripts/init-bottom/ORDER
exec /init "$@"
