#!/bin/sh
# Run by the worker on an instance of the image, where the recipe asks for it: goss with a file that is in the image.
#
# Prints what failed, then score= (how many of a hundred tests passed; one that was skipped did not) and failed=.
# Environment: GOSS_FILE, path of the file. Exit codes: 0 there is a score, 3 no goss or file, 4 no result.
set -eu

command -v goss >/dev/null 2>&1 || {
  echo "gate: goss is not in the image; install it in a step" >&2
  exit 3
}
[ -r "$GOSS_FILE" ] || {
  echo "gate: there is no $GOSS_FILE in the image; put it there in a step" >&2
  exit 3
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
goss --gossfile "$GOSS_FILE" validate --format json --no-color >"$work/out" 2>"$work/err" </dev/null || true
count() { tr ',{}' '[\n*]' <"$work/out" | sed -n "s/^ *\"$1\": *\([0-9][0-9]*\) *\$/\1/p" | tail -n 1; }
tests=$(count test-count) failed=$(count failed-count) skipped=$(count skipped-count)
if [ -z "$failed" ] || [ "${tests:-0}" -eq 0 ]; then
  tail -n 20 "$work/out" "$work/err"
  echo "gate: goss came to no result, or tests nothing" >&2
  exit 4
fi
failed=$((failed + ${skipped:-0}))
tr '{}' '[\n*]' <"$work/out" | sed -n 's/.*"successful": *false.*"summary-line": *"\([^"]*\)".*/\1/p' | head -n 40
printf 'score=%s\nfailed=%s\n' "$(((tests - failed) * 100 / tests))" "$failed"
