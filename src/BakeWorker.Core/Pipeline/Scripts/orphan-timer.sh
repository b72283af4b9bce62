#!/bin/sh
# First part of the user data of every builder and tester: powers the machine off some time after its bake's deadline, also when no worker
# is left to end it. cloud-init keeps the script and runs it at each boot; the seal wipes it with the rest of cloud-init's state.
# Never in the way: whatever goes wrong here, the rest of the user data runs. The worker fills in the time, as seconds since 1970.

arm_orphan_timer() {
  at_boot=${ROOT:-}/var/lib/cloud/scripts/per-boot
  mkdir -p "$at_boot" || return 0
  cat >"$at_boot/bakeworker-orphan" <<'TIMER' || return 0
#!/bin/sh
# BakeWorker: powers this machine off once nobody can be waiting for it any more.
left=$((@ORPHAN_END@ - $(date +%s)))
# Whoever starts an orphan by hand gets a while to look at it.
if [ "$left" -lt 900 ]; then left=900; fi
if [ -d "${ROOT:-}/run/systemd/system" ] && command -v systemd-run >/dev/null 2>&1; then
  systemctl is-active --quiet bakeworker-orphan.timer ||
    systemd-run --quiet --collect --unit=bakeworker-orphan --on-active="${left}s" systemctl poweroff
elif command -v setsid >/dev/null 2>&1; then
  # shellcheck disable=SC2016
  setsid /bin/sh -c 'sleep "$1"; exec poweroff' bakeworker-orphan "$left" </dev/null >/dev/null 2>&1 &
fi
TIMER
  chmod 700 "$at_boot/bakeworker-orphan"
  "$at_boot/bakeworker-orphan" || echo "bakeworker: the orphan timer could not be armed" >&2
}
arm_orphan_timer
