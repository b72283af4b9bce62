#!/bin/sh
# systemctl, service, journalctl and sysctl where no systemd runs: what concerns files is done by the real systemctl, which can do it
# offline; what concerns running units succeeds, is remembered, and says so on the console.
state=/run/sandbox
bin=$state/bin
name=${0##*/}
PATH=${PATH#"$bin:"}

note() { { echo "[sandbox] $*" >/dev/console; } 2>/dev/null || :; }

# The program that this one stands before.
real() {
  for folder in /usr/bin /usr/sbin /bin /sbin; do
    if [ -x "$folder/$name" ]; then
      echo "$folder/$name"
      return
    fi
  done
  return 1
}

case $name in
  journalctl)
    case "$*" in *--vacuum* | *--rotate* | *--flush* | *--sync*) ;; *) echo "-- No entries --" ;; esac
    exit 0
    ;;
  sysctl)
    program=$(real) || {
      echo "sysctl: command not found" >&2
      exit 127
    }
    case " $* " in
      *=* | *' -p'* | *' --load'* | *' --system'* | *' -w '*)
        # The kernel is the host's, and its settings are not ours to change.
        "$program" "$@" 2>/dev/null || note "sysctl $*: kernel settings stay as the host has them"
        exit 0
        ;;
    esac
    exec "$program" "$@"
    ;;
  service)
    unit=${1:-} action=${2:-}
    [ "$unit" != --status-all ] || exit 0
    set -- "$action" "$unit"
    name=systemctl
    ;;
esac

quiet=no now=no value=no properties='' verb='' units=''
parse() {
  while [ $# -gt 0 ]; do
    case $1 in
      -q | --quiet) quiet=yes ;;
      --now) now=yes ;;
      --value) value=yes ;;
      -p | --property)
        properties="$properties,${2:-}"
        shift
        ;;
      --property=*) properties="$properties,${1#*=}" ;;
      -p?*) properties="$properties,${1#-p}" ;;
      -t | --type | -n | --lines | -o | --output | -s | --signal | -H | -M)
        [ $# -lt 2 ] || shift
        ;;
      -*) ;;
      *) if [ -z "$verb" ]; then verb=$1; else units="$units $1"; fi ;;
    esac
    shift
  done
}
parse "$@"

offline() {
  program=$(real) || {
    echo "systemctl: systemd is not installed" >&2
    exit 1
  }
  SYSTEMD_OFFLINE=1 "$program" "$@"
}

full() { case $1 in *.service | *.socket | *.timer | *.target | *.mount | *.path | *.slice | *.swap | *.automount | *.scope) echo "$1" ;; *) echo "$1.service" ;; esac; }

# The SSM agent of a sandbox is outside of it.
is_agent() { case $1 in amazon-ssm-agent.service | snap.amazon-ssm-agent.*) return 0 ;; *) return 1 ;; esac; }

exists() {
  if is_agent "$1" || [ -e "$state/units/$1" ]; then return 0; fi
  plain=$1
  case $1 in *@*.*) plain=${1%%@*}@.${1##*.} ;; esac
  for folder in /etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
    if [ -e "$folder/$1" ] || [ -e "$folder/$plain" ]; then return 0; fi
  done
  [ -x "/etc/init.d/${1%.service}" ]
}

is_enabled() { is_agent "$1" || offline is-enabled --quiet "$1" >/dev/null 2>&1; }

is_active() {
  if [ -e "$state/units/$1" ]; then
    [ "$(cat "$state/units/$1")" = active ]
  else
    exists "$1" && is_enabled "$1"
  fi
}

# Units are remembered as they are after the verb; a timer that systemd-run made has a process to end.
change() {
  result=0
  for unit in $units; do
    unit=$(full "$unit")
    if ! exists "$unit"; then
      case $1 in
        inactive) echo "Failed to $verb $unit: Unit $unit not loaded." >&2 ;;
        *) echo "Failed to $verb $unit: Unit $unit not found." >&2 ;;
      esac
      result=5
      continue
    fi
    if [ "$1" = inactive ] && [ -s "$state/units/$unit.pid" ]; then
      kill -KILL "-$(cat "$state/units/$unit.pid")" 2>/dev/null
      rm -f "$state/units/$unit.pid" "$state/units/$unit"
      continue
    fi
    echo "$1" >"$state/units/$unit" 2>/dev/null || {
      echo "Failed to $verb $unit: Access denied" >&2
      result=4
      continue
    }
    note "systemctl $verb $unit: remembered, nothing runs"
  done
  return "$result"
}

show() {
  for unit in $units; do
    unit=$(full "$unit")
    load=not-found active=inactive sub=dead file=''
    if exists "$unit"; then load=loaded; fi
    if is_active "$unit"; then active=active sub=running; fi
    if [ "$load" = loaded ]; then file=$(offline is-enabled "$unit" 2>/dev/null); fi
    for pair in "Id=$unit" "LoadState=$load" "ActiveState=$active" "SubState=$sub" "UnitFileState=$file" Result=success; do
      case "$properties," in
        , | *",${pair%%=*},"*) if [ "$value" = yes ]; then echo "${pair#*=}"; else echo "$pair"; fi ;;
      esac
    done
  done
}

case $verb in
  poweroff | halt | reboot) exec "$bin/$verb" ;;
  kexec | soft-reboot) exec "$bin/reboot" ;;
  is-system-running) [ "$quiet" = yes ] || echo running ;;
  daemon-reload | daemon-reexec | reload | kill | freeze | thaw | clean | reset-failed | log-level | isolate | set-environment | unset-environment | import-environment | list-jobs) ;;
  list-units | list-timers | list-sockets | list-dependencies) ;;
  start | restart | try-restart | reload-or-restart | try-reload-or-restart) change active ;;
  stop) change inactive ;;
  enable | disable | mask | unmask | preset | reenable | revert)
    result=0
    wanted=''
    for unit in $units; do is_agent "$(full "$unit")" || wanted="$wanted $unit"; done
    # shellcheck disable=SC2086 # units are words
    if [ -n "$wanted" ]; then offline "$verb" $wanted || result=$?; fi
    if [ "$now" = yes ] && [ "$result" -eq 0 ]; then
      case $verb in enable | reenable) change active ;; disable | mask) change inactive ;; esac
    fi
    exit "$result"
    ;;
  is-enabled)
    result=0
    for unit in $units; do
      if is_agent "$(full "$unit")"; then
        [ "$quiet" = yes ] || echo enabled
      elif [ "$quiet" = yes ]; then
        offline is-enabled --quiet "$unit" || result=1
      else
        offline is-enabled "$unit" || result=1
      fi
    done
    exit "$result"
    ;;
  is-active | status)
    result=3
    for unit in $units; do
      unit=$(full "$unit") word=inactive
      if is_active "$unit"; then result=0 word=active; fi
      if [ "$verb" = status ]; then word="* $unit - $word"; fi
      [ "$quiet" = yes ] || echo "$word"
    done
    exit "$result"
    ;;
  is-failed)
    [ "$quiet" = yes ] || echo inactive
    exit 1
    ;;
  show) show ;;
  *) offline "$@" ;;
esac
