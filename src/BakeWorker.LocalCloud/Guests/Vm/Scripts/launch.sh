#!/bin/sh
# Runs a machine whose life hangs on standard input: when that closes, or this process dies, the machine is cut off. Its user is nobody
# else's, and its own files belong to it.
set -eu
user=$1 groups=$2
shift 2
exec 3<&0
if [ -n "$user" ]; then
  chown -R "$user:$user" .
  set -- "--reuid=$user" "--regid=$user" "--groups=$groups" --inh-caps=-all --bounding-set=-all --no-new-privs --pdeathsig KILL -- "$@"
else
  set -- --no-new-privs --pdeathsig KILL -- "$@"
fi
setpriv "$@" </dev/null 3<&- &
machine=$!
{
  read -r _ <&3 || :
  kill -9 "$machine"
} >/dev/null 2>&1 &
watcher=$!
exec 3<&-
code=0
wait "$machine" || code=$?
kill -9 "$watcher" 2>/dev/null || :
exit "$code"
