#!/bin/sh
# Runs BW_INSIDE as root of new namespaces whose ids are not the host's. Standard input is the lifeline: when it closes, everything
# inside is killed. Only the working directory survives the move into new mounts, so all folders are named relative to BW_FOLDER,
# and whoever is root inside needs no right to the folders above it. BW_INPUT arrives as descriptor 5, BW_OUTPUT as standard output.
set -eu

fail() {
  echo "$*" >&2
  exit 70
}

# The first id of a range that this user was given in /etc/subuid or /etc/subgid.
range() {
  while IFS=: read -r who first count; do
    case $who in
      "$name" | "$uid") [ "$count" -lt 65535 ] || {
        echo "$first"
        return
      } ;;
    esac
  done <"$1"
  fail "user $name has no range of 65535 ids in $1"
}

cd "$BW_FOLDER"
exec 3<&0 5<"${BW_INPUT:-/dev/null}"
[ -z "${BW_OUTPUT:-}" ] || exec >"$BW_OUTPUT"

# Ids are written from outside, so a holder keeps the namespace while that happens.
unshare --user -- sleep 60 </dev/null >/dev/null 3<&- 5<&- &
holder=$!
# shellcheck disable=SC3013 # -ef is in dash, bash and busybox
while [ "/proc/$holder/ns/user" -ef /proc/self/ns/user ]; do kill -0 "$holder" 2>/dev/null || break; done
[ -d "/proc/$holder/ns" ] || fail "user namespaces cannot be made"

uid=$(id -u)
if [ "$uid" = 0 ]; then
  [ -z "${BW_OWNED:-}" ] || chown 100000:100000 "$BW_OWNED"
  echo 0 100000 65536 >"/proc/$holder/gid_map"
  echo 0 100000 65536 >"/proc/$holder/uid_map"
else
  name=$(id -un)
  first=$(range /etc/subgid)
  newgidmap "$holder" 0 "$(id -g)" 1 1 "$first" 65535
  first=$(range /etc/subuid)
  newuidmap "$holder" 0 "$uid" 1 1 "$first" 65535
fi

inside=$BW_INSIDE
case ${BW_NETWORK:-host} in none) network=--net ;; *) network=--ipc ;; esac
unset BW_INSIDE BW_FOLDER BW_INPUT BW_OUTPUT BW_OWNED BW_NETWORK
# shellcheck disable=SC2016 # expanded inside
nsenter --user --target "$holder" --setuid 0 --setgid 0 -- sh -c 'kill -9 "$0"; exec "$@"' "$holder" \
  setpriv --pdeathsig KILL -- \
  unshare --mount --pid --fork --kill-child --uts --ipc --cgroup "$network" -- \
  sh -c "$inside" sandbox "$@" </dev/null 3<&- &
child=$!
exec 5<&-

{
  read -r _ <&3 || :
  # Its only child is process 1: when that is killed, the child ends after everything inside is gone.
  first=''
  read -r first _ <"/proc/$child/task/$child/children" || :
  kill -9 "${first:-$child}"
} >/dev/null 2>&1 &
watcher=$!
exec 3<&-

code=0
wait "$child" || code=$?
kill -9 "$watcher" 2>/dev/null || :
exit "$code"
