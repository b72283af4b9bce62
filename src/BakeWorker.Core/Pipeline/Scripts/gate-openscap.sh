#!/bin/sh
# Run by the worker on an instance of the image, where the recipe asks for it: OpenSCAP with a profile of a data stream that is in the image.
#
# Prints the rules that failed, then score= and failed=. Nothing is fetched from elsewhere.
# Environment: CONTENT, path of the data stream; PROFILE, its profile. Exit codes: 0 there is a score, 3 no oscap or content, 4 no result.
set -eu

command -v oscap >/dev/null 2>&1 || {
  echo "gate: oscap is not in the image; install it in a step" >&2
  exit 3
}
[ -r "$CONTENT" ] || {
  echo "gate: there is no $CONTENT in the image; install it in a step" >&2
  exit 3
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
code=0
oscap xccdf eval --profile "$PROFILE" --results "$work/results" "$CONTENT" >"$work/out" 2>&1 </dev/null || code=$?
score=$(sed -n 's/.*<score [^>]*>\([0-9][0-9.]*\)<\/score>.*/\1/p' "$work/results" 2>/dev/null | tail -n 1)
# 2 says that rules failed; everything else that it was not done.
case $code in 0 | 2) ;; *) score='' ;; esac
# Content for another system has a score, too, although none of its rules was held against anything.
if [ -n "$score" ] && ! grep -Eq '<result>(pass|fixed|fail|error|unknown)</result>' "$work/results"; then
  echo "gate: no rule of $PROFILE applies to this system; name a profile and content that are for it" >&2
  exit 4
fi
if [ -z "$score" ]; then
  tail -n 20 "$work/out"
  echo "gate: oscap came to no result (exit code $code)" >&2
  exit 4
fi
# An error or an answer that is none is no pass.
awk '
  /<rule-result / { rule = $0; sub(/.*idref="/, "", rule); sub(/".*/, "", rule) }
  /<result>(fail|error|unknown)<\/result>/ { print rule }
' "$work/results" >"$work/failed"
head -n 40 "$work/failed"
printf 'score=%s\nfailed=%s\n' "$score" "$(wc -l <"$work/failed" | tr -d ' ')"
