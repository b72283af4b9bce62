#!/bin/sh
# What a cloud image's init does before sshd starts, where the image has nobody else to do it.
set -u
if [ -x /usr/sbin/sshd ] && ! ls /etc/ssh/ssh_host_*_key >/dev/null 2>&1; then
  # No RSA key: it takes this processor seconds.
  for type in ed25519 ecdsa; do
    ssh-keygen -q -t "$type" -N '' -f "/etc/ssh/ssh_host_${type}_key" </dev/null
  done
fi
