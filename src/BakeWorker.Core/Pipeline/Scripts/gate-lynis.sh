#!/bin/sh
# Run by the worker on an instance of the image, where the recipe asks for it: Lynis, and the hardening index it comes to.
#
# Prints what Lynis warns of, then score= and failed= (its warnings). Whoever asked holds the score against the least.
# Exit codes: 0 there is a score, 3 no Lynis, 4 Lynis did not come to its end.
set -eu

command -v lynis >/dev/null 2>&1 || {
  echo "gate: lynis is not in the image; install it in a step" >&2
  exit 3
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Its exit code speaks of warnings, its report of its end.
lynis audit system --quick --no-colors --no-log --report-file "$work/report" >"$work/out" 2>&1 </dev/null || true
index=$(sed -n 's/^hardening_index=\([0-9][0-9]*\)$/\1/p' "$work/report" 2>/dev/null | tail -n 1)
if [ -z "$index" ] || ! grep -q '^finish=true' "$work/report"; then
  tail -n 20 "$work/out"
  echo "gate: lynis came to no result" >&2
  exit 4
fi
sed -n 's/^warning\[\]=\([^|]*\)|\([^|]*\)|.*/\1 \2/p' "$work/report" | head -n 40
printf 'score=%s\nfailed=%s\n' "$index" "$(grep -c '^warning\[\]=' "$work/report" || true)"
