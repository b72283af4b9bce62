#!/bin/sh
# Runs the script on standard input as the leader of a session of its own, so that all of it can be found again.
boot=$1 id=$2 folder=$3
state=/run/sandbox
script=$state/commands/$id
# Process ids come back; another guest must never run this.
if [ "$(cat "$state/boot_id")" != "$boot" ]; then kill -KILL $$; fi
umask 077
cat >"$script" && chmod 700 "$script" || exit 1
echo $$ >"$script.session"
if [ -e "$script.cancelled" ]; then kill -KILL $$; fi
umask 022
[ -n "$folder" ] || folder=/usr/bin
cd "$folder" || exit 1
exec setsid env -i PATH="$PATH" HOME=/root LANG=C.UTF-8 "$script" </dev/null
