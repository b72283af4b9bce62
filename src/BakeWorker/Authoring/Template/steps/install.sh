#!/bin/sh
# Installs what @NAME@ is for: so far a program that greets. Safe to run again, as every step must be.
#
# Environment: GREETING, what the program says. Exit codes: 0 installed.
set -eu

cat >/usr/local/bin/@NAME@ <<'PROGRAM'
#!/bin/sh
cat /etc/@NAME@.conf
PROGRAM
chmod 755 /usr/local/bin/@NAME@
printf '%s\n' "$GREETING" >/etc/@NAME@.conf
chmod 644 /etc/@NAME@.conf
echo "@NAME@ is installed"
