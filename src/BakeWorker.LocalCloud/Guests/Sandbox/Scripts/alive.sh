#!/bin/sh
# Whether this boot still runs and is not about to end.
[ "$(cat /run/bakeworker/boot_id)" = "$1" ] && [ ! -e /run/bakeworker/stopping ] && [ ! -s /run/bakeworker/verb ]
