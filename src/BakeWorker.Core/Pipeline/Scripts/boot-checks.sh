#!/bin/sh
# Run by the worker on an instance of the image once its agent answers: whether the boot went as the recipe asks.
#
# Prints a line `boot` with the id of this boot, then one for each check: `check`, its name, passed, failed or not-applicable, and a detail,
# separated by tabs. A sandbox starts no services and has its host's kernel, so there most checks are not applicable. On a machine of its own
# a check that the recipe asks for is never that: what cannot be looked at there has failed.
#
# Environment (all optional; a check that nobody asks for is left out, but failed units always count):
#   STARTUP_SECONDS  what the start may take, from the kernel to the default target
#   MAY_FAIL         units that may fail, separated by spaces
#   EXPECT_PORTS, ALLOW_PORTS   ports as in `tcp/22 udp/68`: what must, and what besides may listen to other machines
#   SYSCTL, SSHD     effective settings, one a line: a name, a space, the value
#   PROC             another /proc
# Exit codes: 0 no check failed, 20 one did, 1 could not look.
set -eu
export LC_ALL=C

PROC=${PROC:-/proc}
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { # NAME RESULT DETAIL
  if [ "$2" = failed ]; then failed=$((failed + 1)); fi
  printf 'check\t%s\t%s\t%s\n' "$1" "$2" "$(printf '%s' "$3" | tr -c '[:print:]' ' ' | cut -c1-400)"
}
has() { command -v "$1" >/dev/null 2>&1; }

# A kernel of its own shows itself by user ids that nobody has mapped.
owns_kernel() { [ "$(awk 'NR == 1 { print $1, $2, $3 }' "$PROC/1/uid_map" 2>/dev/null)" = '0 0 4294967295' ]; }
systemd_runs() { [ "$(cat "$PROC/1/comm" 2>/dev/null)" = systemd ] && has systemctl; }

print_boot() {
  stat=$(cat "$PROC/1/stat" 2>/dev/null) || stat=''
  # shellcheck disable=SC2086
  set -- ${stat##*)}
  printf 'boot\t%s %s\n' "$(cat "$PROC/sys/kernel/random/boot_id" 2>/dev/null || echo unknown)" "${20:-0}"
}

# needs_systemd NAME ASKED: true when systemd can be asked; else it says why not.
needs_systemd() {
  if systemd_runs; then return 0; fi
  if owns_kernel && [ -n "$2" ]; then
    say "$1" failed "only systemd can tell, and process 1 is $(cat "$PROC/1/comm" 2>/dev/null || echo unknown)"
  else
    say "$1" not-applicable "no systemd runs here"
  fi
  return 1
}

check_units() {
  needs_systemd failed-units '' || return 0
  code=0
  # Still starting is not yet healthy; a unit that hangs is found as the state itself.
  state=$(timeout 180 systemctl is-system-running --wait 2>/dev/null) || code=$?
  if [ "$code" -eq 124 ]; then
    say failed-units failed "the system has not finished starting after three minutes"
    return 0
  fi
  case $state in
    running | degraded) ;;
    *)
      say failed-units failed "the system is in state '$state'"
      return 0
      ;;
  esac
  if ! systemctl list-units --failed --no-legend --plain >"$work/failed"; then
    say failed-units failed "systemctl does not list its units"
    return 0
  fi
  bad='' excused=''
  while read -r unit _; do
    case " ${MAY_FAIL:-} " in
      *" $unit "*) excused="$excused $unit" ;;
      *) bad="$bad $unit" ;;
    esac
  done <"$work/failed"
  if [ -n "$bad" ]; then say failed-units failed "failed:$bad"; else say failed-units passed "${excused:+allowed:$excused}"; fi
}

check_startup() {
  [ -n "${STARTUP_SECONDS:-}" ] || return 0
  needs_systemd startup asked || return 0
  took=$(systemctl show --property=FinishTimestampMonotonic --value 2>/dev/null) || took=''
  case $took in
    '' | 0 | *[!0-9]*) say startup failed "systemd does not say when it finished starting" ;;
    *)
      seconds=$((took / 1000000))
      result=passed
      if [ "$took" -gt "$((STARTUP_SECONDS * 1000000))" ]; then result=failed; fi
      say startup "$result" "took $seconds s of at most $STARTUP_SECONDS s"
      ;;
  esac
}

# Sockets that other machines reach, as tcp/22. A datagram socket on a port that the kernel picked is a client's.
list_ports() {
  first=$(awk '{ print $1 }' "$PROC/sys/net/ipv4/ip_local_port_range" 2>/dev/null || true)
  for kind in tcp tcp6 udp udp6; do
    [ -r "$PROC/net/$kind" ] || continue
    awk -v kind="${kind%6}" -v first="${first:-32768}" -v listed=" ${EXPECT_PORTS:-} ${ALLOW_PORTS:-} " '
      function decimal(hex, i, n) { n = 0; for (i = 1; i <= length(hex); i++) n = n * 16 + index("0123456789ABCDEF", substr(hex, i, 1)) - 1; return n }
      NR > 1 {
        split(toupper($2), at, ":")
        if (kind == "tcp" ? $4 != "0A" : $4 != "07") next
        if (length(at[1]) == 8 ? substr(at[1], 7, 2) == "7F" : at[1] ~ /^0{24}01000000$|^0000000000000000FFFF0000......7F$|^00000000000000000000000001000000$/) next
        port = kind "/" decimal(at[2])
        if (kind == "udp" && decimal(at[2]) >= first && index(listed, " " port " ") == 0) next
        print port
      }' "$PROC/net/$kind"
  done | sort -u -t / -k 1,1 -k 2,2n
}

check_ports() {
  [ -n "${EXPECT_PORTS+x}${ALLOW_PORTS+x}" ] || return 0
  if ! owns_kernel; then
    say ports not-applicable "no services run here"
    return 0
  fi
  if [ ! -r "$PROC/net/tcp" ]; then
    say ports failed "$PROC/net/tcp cannot be read"
    return 0
  fi
  list_ports >"$work/ports"
  more='' missing=''
  while read -r port; do
    case " ${EXPECT_PORTS:-} ${ALLOW_PORTS:-} " in *" $port "*) ;; *) more="$more $port" ;; esac
  done <"$work/ports"
  for port in ${EXPECT_PORTS:-}; do
    if ! grep -qxF -- "$port" "$work/ports"; then missing="$missing $port"; fi
  done
  if [ -n "$more$missing" ]; then
    say ports failed "${more:+not on the list:$more}${more:+${missing:+; }}${missing:+nobody listens on:$missing}"
  else
    say ports passed "$(tr '\n' ' ' <"$work/ports")"
  fi
}

check_sysctl() {
  [ -n "${SYSCTL:-}" ] || return 0
  if ! owns_kernel; then
    say sysctl not-applicable "the kernel is the host's"
    return 0
  fi
  wrong=''
  printf '%s\n' "$SYSCTL" >"$work/wanted"
  while read -r name value; do
    # As sysctl reads names: where the first sign between words is a dot, dots and slashes are exchanged.
    case ${name#"${name%%[./]*}"} in
      .*) path=$PROC/sys/$(printf '%s' "$name" | tr './' '/.') ;;
      *) path=$PROC/sys/$name ;;
    esac
    actual='not there'
    if [ -r "$path" ]; then actual=$(tr -s '\t ' '  ' <"$path"); fi
    if [ "$actual" != "$value" ]; then wrong="$wrong $name is '$actual', wanted '$value';"; fi
  done <"$work/wanted"
  if [ -n "$wrong" ]; then say sysctl failed "${wrong# }"; else say sysctl passed "$(grep -c '' "$work/wanted") values"; fi
}

check_sshd() {
  [ -n "${SSHD:-}" ] || return 0
  sshd=$(command -v sshd || echo /usr/sbin/sshd)
  if [ ! -x "$sshd" ]; then
    say sshd failed "there is no sshd"
    return 0
  fi
  set --
  if ! ls /etc/ssh/ssh_host_*_key >/dev/null 2>&1; then
    # Without an init nothing has made host keys yet; sshd wants one even for a look at its settings.
    if owns_kernel || ! ssh-keygen -q -t ed25519 -N '' -f "$work/key"; then
      say sshd failed "this machine has made no host keys"
      return 0
    fi
    set -- -h "$work/key"
  fi
  mkdir -p /run/sshd
  if ! "$sshd" -T "$@" -C user=root,host=localhost,addr=127.0.0.1 >"$work/sshd" 2>"$work/sshd.err"; then
    say sshd failed "it refuses its settings: $(head -n 1 "$work/sshd.err")"
    return 0
  fi
  wrong=''
  printf '%s\n' "$SSHD" >"$work/wanted"
  while read -r name value; do
    actual=$(awk -v key="$name" '$1 == tolower(key) { $1 = ""; print substr($0, 2); exit }' "$work/sshd")
    if [ "$actual" != "$value" ]; then wrong="$wrong $name is '$actual', wanted '$value';"; fi
  done <"$work/wanted"
  if [ -n "$wrong" ]; then say sshd failed "${wrong# }"; else say sshd passed "$(grep -c '' "$work/wanted") values"; fi
}

print_boot
check_units
check_startup
check_ports
check_sysctl
check_sshd
[ "$failed" -eq 0 ] || exit 20
