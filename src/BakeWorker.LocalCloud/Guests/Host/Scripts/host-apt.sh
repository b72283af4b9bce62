#!/bin/sh
# How this machine reaches package mirrors: its environment first, since apt's own settings win over it.
for scheme in http https; do
  eval "proxy=\${${scheme}_proxy:-}"
  # shellcheck disable=SC2154 # set by eval
  [ -z "$proxy" ] || printf 'Acquire::%s::Proxy "%s";\n' "$scheme" "$proxy"
done
apt-config dump 2>/dev/null || :
