#!/bin/sh
# Run by the worker on an instance whose boot test failed: what failed and what the logs say last, for people.
#
# Prints at most some 14,000 characters; the worker masks what looks like a secret. Exit code: 0, whatever could be had.
export LC_ALL=C

part() { # TITLE BYTES COMMAND...
  title=$1 bytes=$2
  shift 2
  printf '== %s\n' "$title"
  "$@" 2>&1 | tail -c "$bytes"
  echo
}

if [ "$(cat /proc/1/comm)" = systemd ] && command -v systemctl >/dev/null 2>&1; then
  part 'failed units' 1500 systemctl list-units --failed --no-legend --plain
  for unit in $(systemctl list-units --failed --no-legend --plain 2>/dev/null | awk '{ print $1 }' | head -n 4); do
    part "log of $unit" 1500 timeout 20 journalctl --no-pager -b -n 15 -o short-precise -u "$unit"
  done
  part 'last lines of the log' 4000 timeout 20 journalctl --no-pager -b -n 60 -o short-precise
else
  echo '== no systemd runs here, so there are no units'
  for log in /var/log/syslog /var/log/messages /var/log/dpkg.log; do
    if [ -s "$log" ]; then part "$log" 2500 tail -n 40 "$log"; fi
  done
fi
exit 0
