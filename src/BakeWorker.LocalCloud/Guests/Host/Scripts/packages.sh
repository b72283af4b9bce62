#!/bin/sh
# The package database, after the words that say whose it is.
cat /etc/os-release 2>/dev/null
if [ -s /var/lib/dpkg/status ]; then
  echo "@dpkg"
  cat /var/lib/dpkg/status
elif command -v rpm >/dev/null; then
  echo "@rpm"
  rpm -qa --queryformat '%{NAME}\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\t%{SOURCERPM}\t%{ARCH}\n'
fi
