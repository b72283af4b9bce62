#!/bin/sh
# Kills the session of a script: whatever changed only its process group is still in it.
boot=$1 id=$2 state=$3
if [ "$(cat "$state/boot_id")" != "$boot" ]; then exit 1; fi
: >"$state/commands/$id.cancelled"
session=$(cat "$state/commands/$id.session" 2>/dev/null)
[ -n "$session" ] || exit 0
rounds=0
while [ "$rounds" -lt 100 ]; do
  left=no
  for process in /proc/[0-9]*; do
    read -r line 2>/dev/null <"$process/stat" || continue
    # After the name, which may hold anything: state, parent, group, session.
    # shellcheck disable=SC2086
    set -- ${line##*) }
    if [ "$4" = "$session" ] && [ "$1" != Z ]; then
      kill -KILL "${process#/proc/}" 2>/dev/null
      left=yes
    fi
  done
  [ "$left" = yes ] || exit 0
  rounds=$((rounds + 1))
done
exit 1
