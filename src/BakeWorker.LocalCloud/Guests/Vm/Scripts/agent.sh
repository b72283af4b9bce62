#!/bin/sh
# shellcheck disable=SC2154 # instance and environment are in the settings
# The agent of a virtual machine. One process hears orders about the others; each of those runs one script at a time that the host
# sends, as the SSM agent would: as root, from its own folder below /var/lib/amazon/ssm, which also keeps the output.
# The ports are the host's: a line of words, and after it as many bytes as it says.
set -u
state=/run/vm-guest
work=$state/commands
# shellcheck source=/dev/null
. "$state/settings" # instance, boot, environment

stop_others() {
  # shellcheck disable=SC2046 # process ids
  [ ! -s "$state/workers" ] || kill -KILL $(cat "$state/workers") 2>/dev/null
  rm -f "$state/workers"
}

# run SCRIPT FOLDER OUT ERR NUMBER: sets code.
run() {
  if [ -e "$work/$5.cancelled" ]; then
    code=137
    return
  fi
  (
    exec 3<&-
    umask 022
    # shellcheck disable=SC2086 # environment is words, and so is a script with its interpreter
    cd "$2" && exec setsid env -i $environment $1 </dev/null
  ) >"$3" 2>"$4" &
  session=$!
  echo "$session" >"$work/$5.session"
  wait "$session"
  code=$?
}

# answer NUMBER CODE OUT ERR LIMIT: how much there is and how much follows of both, then the beginning of both.
answer() {
  head -c "$5" "$3" >"$work/$1.out"
  head -c "$5" "$4" >"$work/$1.err"
  # shellcheck disable=SC2046 # numbers
  set -- "$1" "$2" $(stat -c %s "$3" "$work/$1.out" "$4" "$work/$1.err")
  {
    echo "exit $*"
    cat "$work/$1.out" "$work/$1.err"
  } >&3
}

# A script that cannot be kept on the disk, for want of room, has failed.
serve() { # DEVICE
  exec 3<>"$1" || exit 1
  while read -r verb number size limit id folder <&3; do
    case $verb in run | ask) ;; *) continue ;; esac
    file=$work/$number
    umask 077
    head -c "$size" <&3 >"$file"
    home=/var/lib/amazon/ssm/$instance/document/orchestration/$id
    out=$file.stdout err=$file.stderr script="/bin/sh $file"
    if [ "$verb" = run ]; then
      out=$home/stdout err=$home/stderr script=$home/_script.sh
      if ! install -D -m 700 "$file" "$script" 2>"$file.stderr" || ! : >"$out" || ! : >"$err"; then
        : >"$file.stdout"
        out=$file.stdout err=$file.stderr script=/bin/false
      fi
    fi
    run "$script" "${folder:-/usr/bin}" "$out" "$err" "$number"
    answer "$number" "$code" "$out" "$err" "$limit"
    rm -f "$file" "$file".*
  done
}

if [ "${1:-}" = stop ]; then
  stop_others
  exit 0
fi

stop_others
mkdir -p "$work"
cd / || exit 1
control=''
until [ -n "$control" ]; do
  ports=''
  for file in /sys/class/virtio-ports/*/name; do
    read -r name 2>/dev/null <"$file" || continue
    file=${file%/name}
    case $name in
      bakeworker.control) control=/dev/${file##*/} ;;
      bakeworker.*) ports="$ports /dev/${file##*/}" ;;
    esac
  done
  [ -n "$control" ] || sleep 0.2
done

for port in $ports; do
  serve "$port" &
  echo "$!" >>"$state/workers"
done
exec 4<>"$control"
read -r running </proc/sys/kernel/random/boot_id
echo "$running" >"$state/boot_id"
echo "ready $running" >&4
while read -r verb number <&4; do
  case $verb in kill) /bin/sh "$state/kill" "$running" "$number" "$state" & ;; esac
done
