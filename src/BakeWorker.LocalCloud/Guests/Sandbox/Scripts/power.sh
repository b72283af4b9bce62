#!/bin/sh
# shutdown, poweroff, halt, reboot and init, in a guest whose process 1 knows two words.
state=/run/sandbox
name=${0##*/}
verb=poweroff
when=now

# Seconds until hh:mm, +minutes or now.
delay() {
  case $1 in
    now) echo 0 ;;
    +*) echo "$((${1#+} * 60))" ;;
    *:*)
      seconds=$(($(date -d "$1" +%s) - $(date +%s)))
      if [ "$seconds" -ge 0 ]; then echo "$seconds"; else echo "$((seconds + 86400))"; fi
      ;;
    *) echo "$(($1 * 60))" ;;
  esac
}

tell() {
  if [ ! -w "$state/control" ]; then
    echo "$name: only root may do this" >&2
    exit 1
  fi
  echo "$1" >"$state/control"
}

cancel() {
  if [ -s "$state/shutdown" ]; then kill -KILL "-$(cat "$state/shutdown")" 2>/dev/null; fi
  rm -f "$state/shutdown"
}

case $name in
  reboot) verb=reboot ;;
  shutdown) when=+1 ;;
  init | telinit)
    case ${1:-} in
      0) ;;
      6) verb=reboot ;;
      *) exit 0 ;;
    esac
    set --
    ;;
esac

time=''
for word; do
  case $word in
    -c)
      cancel
      exit 0
      ;;
    -r | --reboot) verb=reboot ;;
    --poweroff | --halt | -P | -H | -h | -p) verb=poweroff ;;
    -k | --help | --version | -w | --wtmp-only) exit 0 ;;
    -*) ;;
    *) if [ "$name" = shutdown ] && [ -z "$time" ]; then time=$word; fi ;;
  esac
done

seconds=$(delay "${time:-$when}") || exit 1
if [ "$seconds" -eq 0 ]; then
  tell "$verb"
  exit
fi
cancel
# shellcheck disable=SC2016 # expanded by the inner shell
setsid sh -c 'echo $$ >"$2/shutdown"; sleep "$1"; echo "$3" >"$2/control"' sh "$seconds" "$state" "$verb" </dev/null >/dev/null 2>&1 &
echo "$verb scheduled in $seconds seconds, use 'shutdown -c' to cancel."
