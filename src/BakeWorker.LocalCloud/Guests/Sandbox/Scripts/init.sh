#!/bin/sh
# Process 1 of a guest: what a cloud image's init does at boot, then waiting for somebody to end it. Standard output is the console.
# Exit codes: 40 the machine is off, 41 it restarts.
set -u
instance=$1
state=/run/sandbox

say() { echo "[sandbox] $*"; }

listen() { read -r verb <>"$state/control" && echo "$verb" >"$state/verb"; }

keep_reading() {
  if [ -z "$console" ] || ! kill -0 "$console" 2>/dev/null; then
    cat <>/dev/console &
    console=$!
  fi
}

first_boot() {
  if [ ! -s /etc/machine-id ] || [ "$(cat /etc/machine-id)" = uninitialized ]; then
    tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id && chmod 444 /etc/machine-id
  fi
  # No RSA key: it takes seconds, and made in the background it could appear after a step has removed all keys.
  if [ -x /usr/sbin/sshd ] && command -v ssh-keygen >/dev/null; then
    for type in ed25519 ecdsa; do
      key=/etc/ssh/ssh_host_${type}_key
      [ -s "$key" ] || ssh-keygen -q -t "$type" -N '' -C "root@$(cat /proc/sys/kernel/hostname)" -f "$key" </dev/null
    done
  fi
}

# As cloud-init does it: once for each instance id, so again in an instance of a captured image.
user_data() {
  home=/var/lib/cloud/instances/$instance
  if [ ! -s "$state/user-data" ] || [ -e "$home/sem/config_scripts_user" ]; then return 0; fi
  mkdir -p "$home/sem" "$home/scripts" && ln -sfn "$home" /var/lib/cloud/instance
  (umask 077 && cp "$state/user-data" "$home/user-data.txt")
  : >"$home/sem/config_scripts_user"
  case $(head -c 2 "$state/user-data" | tr -d '\0') in
    '#!') ;;
    *)
      say "user data is not a script and was not run"
      return 0
      ;;
  esac
  cp "$state/user-data" "$home/scripts/part-001" && chmod 700 "$home/scripts/part-001"
  code=0
  PATH=$state/agent:$PATH "$home/scripts/part-001" </dev/null || code=$?
  say "user data ended with exit code $code"
}

# Nothing but this process and its own child is left.
is_alone() {
  set -- /proc/[0-9]*
  [ $# -le 1 ]
}

end() {
  : >"$state/stopping"
  say "stopping"
  kill -TERM -1 2>/dev/null
  tries=0
  while [ "$tries" -lt 40 ] && ! is_alone; do
    sleep 0.05
    tries=$((tries + 1))
  done
  case $1 in
    reboot)
      echo "reboot: Restarting system"
      exit 41
      ;;
    *)
      echo "reboot: Power down"
      exit 40
      ;;
  esac
}

cd / || exit 72
umask 022
trap 'echo poweroff >"$state/verb"' TERM
# Held open, so that whoever writes to them never waits for a reader to come.
exec 7<>/dev/console 9<>"$state/control"
echo "[    0.000000] Sandbox guest $instance"
# shellcheck disable=SC1091
[ ! -r /etc/os-release ] || (. /etc/os-release && echo "Welcome to ${PRETTY_NAME:-Linux}!")
mount --bind "$state/boot_id" /proc/sys/kernel/random/boot_id || exit 73
first_boot
echo "@ready" >&2
exec 2>&1
echo "$(cat /proc/sys/kernel/hostname) login:"
user_data &

console=''
while [ ! -s "$state/verb" ]; do
  keep_reading
  # Somebody may kill the listener; whatever else ends here was left to process 1, and is reaped by the same wait.
  listen &
  wait "$!"
done
end "$(cat "$state/verb")"
