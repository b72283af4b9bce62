#!/bin/sh
# systemd-run where no systemd runs: at once or after --on-active, detached unless --wait, --pipe, --pty or --scope ask for the end.
state=/run/sandbox
delay='' unit='' stay=no folder=/

# systemd's time spans, such as 90, 30s, 5min or 1h 30m, as seconds.
span() {
  echo "$1" | sed 's/\([0-9]\)[[:space:]]*\([a-z]\)/\1\2/g; s/\([a-z]\)\([0-9]\)/\1 \2/g' | tr ' ' '\n' | awk '
    { n = $0 + 0; u = $0; sub(/^[0-9.]+/, "", u) }
    u == "" || u ~ /^s/ { t += n; next }
    u == "ms" || u ~ /^msec/ { t += n / 1000; next }
    u == "us" || u ~ /^usec/ { next }
    u ~ /^m/ { t += n * 60; next }
    u ~ /^h/ { t += n * 3600; next }
    u ~ /^d/ { t += n * 86400; next }
    u ~ /^w/ { t += n * 604800; next }
    { exit 1 }
    END { print t + 0 }'
}

while [ $# -gt 0 ]; do
  case $1 in
    --on-active=* | --on-boot=* | --on-startup=*) delay=${1#*=} ;;
    --on-active | --on-boot | --on-startup)
      delay=$2
      shift
      ;;
    --on-calendar* | --on-unit-* | --on-clock-change | --on-timezone-change)
      echo "systemd-run: $1 is not known in a sandbox" >&2
      exit 1
      ;;
    --unit=*) unit=${1#*=} ;;
    -u | --unit)
      unit=$2
      shift
      ;;
    --wait | --pipe | -P | --pty | -t | --scope | --shell | -S) stay=yes ;;
    --working-directory=*) folder=${1#*=} ;;
    --same-dir | -d) folder=$PWD ;;
    --setenv=* | -E?*)
      pair=${1#--setenv=}
      pair=${pair#-E}
      case $pair in *=*) export "${pair?}" ;; esac
      ;;
    -E)
      case $2 in *=*) export "${2?}" ;; esac
      shift
      ;;
    -p | --property | --description | --slice | --uid | --gid | --nice | --timer-property | --service-type | -M | -H) shift ;;
    --)
      shift
      break
      ;;
    -*) ;;
    *) break ;;
  esac
  shift
done
if [ $# -eq 0 ]; then
  echo "systemd-run: a command is needed" >&2
  exit 1
fi
cd "$folder" || exit 1
if [ "$stay" = yes ] && [ -z "$delay" ]; then exec "$@" </dev/null; fi

seconds=0
if [ -n "$delay" ]; then
  seconds=$(span "$delay") || {
    echo "Failed to parse timer value: $delay" >&2
    exit 1
  }
fi
unit=${unit:-run-u$$}
unit=${unit%.service}
unit=${unit%.timer}
if [ -n "$delay" ]; then kind=timer; else kind=service; fi
# shellcheck disable=SC2016 # expanded by the inner shell
setsid sh -c 'unit=$1 seconds=$2; shift 2
  echo $$ >"$unit.pid"; echo active >"$unit"
  sleep "$seconds"
  "$@"
  rm -f "$unit.pid" "$unit"' sh "$state/units/$unit.$kind" "$seconds" "$@" </dev/null >/dev/console 2>&1 &
echo "Running $kind as unit: $unit.$kind" >&2
