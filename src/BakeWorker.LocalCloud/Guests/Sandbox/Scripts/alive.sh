#!/bin/sh
# Whether this boot still runs and is not about to end.
[ "$(cat /run/sandbox/boot_id)" = "$1" ] && [ ! -e /run/sandbox/stopping ] && [ ! -s /run/sandbox/verb ]
