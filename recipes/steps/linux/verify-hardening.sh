#!/bin/sh
# linux/verify-hardening - a test: does the machine that booted from the image really have what linux/harden promised?
#
# Effective values are read wherever something makes them effective: `sshd -T`, `sysctl -n`, `modprobe -n -v`, file modes, accounts.
# Kernel values are only the image's own where systemd booted it on a kernel it may set; in a sandbox the value that the drop-in
# files would set is compared instead, and the line says so.
#
# Environment (all optional):
#   HARDEN_SKIP   ids that linux/harden left out on purpose, separated by spaces
#   UPDATES       `disabled` (default) or `security`, as given to linux/harden
#
# Prints one line per control that does not hold, then one line of JSON. Exit codes: 0 all hold, 1 at least one does not, 2 could not look.
set -eu

HARDEN_SKIP=${HARDEN_SKIP:-}
UPDATES=${UPDATES:-disabled}
passed=0
failed=0
configured=0

has() { command -v "$1" >/dev/null 2>&1; }
skips() { case " $HARDEN_SKIP " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }
ok() { passed=$((passed + 1)); }
bad() {
  failed=$((failed + 1))
  printf 'FAILED %s: %s\n' "$1" "$2"
}
# expect ID WHAT ACTUAL WANTED
expect() {
  if [ "$3" = "$4" ]; then ok; else bad "$1" "$2 is '$3', wanted '$4'"; fi
}

[ "$(id -u)" = 0 ] || {
  echo "verify-hardening: must run as root" >&2
  exit 2
}
for tool in awk find grep sed sort stat; do
  has "$tool" || {
    echo "verify-hardening: $tool is missing" >&2
    exit 2
  }
done
systemd_runs=false
if [ -d /run/systemd/system ]; then systemd_runs=true; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# --- sshd ---------------------------------------------------------------------------------------------------------------------------
ssh_is() {
  if skips "$1"; then return 0; fi
  expect "$1" "sshd's $2" "$(awk -v key="$2" '$1 == key { $1 = ""; print substr($0, 2); exit }' "$work/sshd")" "$3"
}

verify_ssh() {
  sshd=$(command -v sshd || echo /usr/sbin/sshd)
  [ -x "$sshd" ] || return 0
  mkdir -p /run/sshd
  # A machine that has not made its host keys yet still has to show its settings.
  set --
  if ! ls /etc/ssh/ssh_host_*_key >/dev/null 2>&1; then
    ssh-keygen -q -t ed25519 -N '' -C check -f "$work/key"
    set -- -h "$work/key"
  fi
  if ! "$sshd" -T "$@" -C user=root,host=localhost,addr=127.0.0.1 >"$work/sshd" 2>"$work/sshd.err"; then
    bad ssh-00 "sshd refuses its settings: $(head -n 1 "$work/sshd.err")"
    return 0
  fi
  ssh_is ssh-01 permitrootlogin no
  ssh_is ssh-02 passwordauthentication no
  ssh_is ssh-03 kbdinteractiveauthentication no
  ssh_is ssh-04 permitemptypasswords no
  ssh_is ssh-05 permituserenvironment no
  ssh_is ssh-06 hostbasedauthentication no
  ssh_is ssh-06 ignorerhosts yes
  ssh_is ssh-07 gssapiauthentication no
  ssh_is ssh-08 x11forwarding no
  ssh_is ssh-09 allowagentforwarding no
  ssh_is ssh-10 maxauthtries 4
  ssh_is ssh-10 logingracetime 60
  ssh_is ssh-10 maxstartups 10:30:60
  ssh_is ssh-11 allowtcpforwarding no
  ssh_is ssh-12 clientaliveinterval 300
  ssh_is ssh-12 clientalivecountmax 3
  ssh_is ssh-13 loglevel VERBOSE
  ssh_is ssh-14 usepam yes
  ssh_is ssh-15 maxsessions 10
  if skips ssh-16; then return 0; fi
  expect ssh-16 'the mode of 00-bakeworker.conf' "$(stat -c '%a %U' /etc/ssh/sshd_config.d/00-bakeworker.conf 2>&1)" '600 root'
  for key in /etc/ssh/ssh_host_*_key; do
    [ -e "$key" ] || continue
    case $(stat -c '%a %U:%G' "$key") in
      '600 root:root' | '600 root:ssh_keys' | '640 root:ssh_keys') ok ;;
      *) bad ssh-16 "$key is $(stat -c '%a %U:%G' "$key")" ;;
    esac
  done
}

# --- kernel -------------------------------------------------------------------------------------------------------------------------
# What the drop-in files would set at boot: by file name, the last one wins, and a file in /etc hides its namesake in /usr.
list_configured_sysctl() {
  for file in /usr/lib/sysctl.d/*.conf /lib/sysctl.d/*.conf /usr/local/lib/sysctl.d/*.conf /run/sysctl.d/*.conf /etc/sysctl.d/*.conf; do
    if [ -e "$file" ]; then printf '%s %s\n' "${file##*/}" "$file"; fi
  done | awk '{ path[$1] = $2 } END { for (name in path) print name, path[name] }' | LC_ALL=C sort | while read -r _ file; do
    cat "$file"
    echo
  done | sed -n 's/^[[:space:]]*-\{0,1\}\([a-z][^=[:space:]]*\)[[:space:]]*=[[:space:]]*\(.*[^[:space:]]\)[[:space:]]*$/\1 \2/p' |
    awk '{ gsub("/", ".", $1); print $1, $2 }'
}
configured_sysctl() { awk -v key="$1" '$1 == key { value = $2 } END { print value }' "$work/sysctl"; }

sysctl_is() {
  if skips "$1"; then return 0; fi
  path=/proc/sys/$2
  while [ "$path" != "${path%.*}" ]; do path=${path%.*}/${path##*.}; done
  if $systemd_runs && [ ! -e "$path" ]; then return 0; fi # this kernel has no such value
  if $systemd_runs && [ -w "$path" ] && has sysctl; then
    expect "$1" "$2" "$(sysctl -n "$2" 2>&1)" "$3"
  else
    configured=$((configured + 1))
    expect "$1" "$2 as configured" "$(configured_sysctl "$2")" "$3"
  fi
}

verify_kernel() {
  list_configured_sysctl >"$work/sysctl"
  sysctl_is sys-01 kernel.randomize_va_space 2
  sysctl_is sys-02 kernel.kptr_restrict 2
  sysctl_is sys-03 kernel.dmesg_restrict 1
  sysctl_is sys-04 kernel.yama.ptrace_scope 1
  sysctl_is sys-05 kernel.sysrq 0
  sysctl_is sys-06 kernel.unprivileged_bpf_disabled 1
  sysctl_is sys-06 net.core.bpf_jit_harden 2
  sysctl_is sys-07 kernel.perf_event_paranoid 4
  sysctl_is sys-08 fs.suid_dumpable 0
  sysctl_is sys-08 kernel.core_uses_pid 1
  sysctl_is sys-09 fs.protected_hardlinks 1
  sysctl_is sys-09 fs.protected_symlinks 1
  sysctl_is sys-10 fs.protected_fifos 1
  sysctl_is sys-10 fs.protected_regular 2
  sysctl_is sys-11 vm.mmap_min_addr 65536
  for scope in all default; do
    sysctl_is net-01 net.ipv4.conf.$scope.accept_redirects 0
    sysctl_is net-01 net.ipv6.conf.$scope.accept_redirects 0
    sysctl_is net-02 net.ipv4.conf.$scope.secure_redirects 0
    sysctl_is net-03 net.ipv4.conf.$scope.send_redirects 0
    sysctl_is net-04 net.ipv4.conf.$scope.accept_source_route 0
    sysctl_is net-04 net.ipv6.conf.$scope.accept_source_route 0
    sysctl_is net-05 net.ipv4.conf.$scope.log_martians 1
  done
  sysctl_is net-06 net.ipv4.tcp_syncookies 1
  sysctl_is net-07 net.ipv4.icmp_echo_ignore_broadcasts 1
  sysctl_is net-07 net.ipv4.icmp_ignore_bogus_error_responses 1
}

module_is_blocked() {
  if skips "$1"; then return 0; fi
  name=$2
  while [ "$name" != "${name%-*}" ]; do name=${name%-*}_${name##*-}; done
  if $systemd_runs && grep -q "^$name " /proc/modules; then
    bad "$1" "module $2 is loaded"
  elif has modprobe && modprobe -n -v "$2" 2>/dev/null | grep -q 'install /bin/false'; then
    ok
  elif has modprobe && [ -d "/lib/modules/$(uname -r)" ]; then
    bad "$1" "modprobe would load $2"
  else
    configured=$((configured + 1))
    if cat /etc/modprobe.d/*.conf 2>/dev/null | grep -Eq "^install[[:space:]]+($2|$name)[[:space:]]+/bin/false"; then
      ok
    else
      bad "$1" "module $2 is not blocked"
    fi
  fi
}

verify_modules() {
  number=0
  for module in cramfs freevxfs hfs hfsplus jffs2 udf dccp sctp rds tipc usb-storage firewire-core; do
    number=$((number + 1))
    module_is_blocked "mod-$(printf '%02d' "$number")" "$module"
  done
  # Those that must never be blocked: the EFI partition, snaps and containers need them.
  for module in vfat squashfs overlay; do
    if skips mod-00; then break; fi
    if cat /etc/modprobe.d/*.conf 2>/dev/null | grep -Eq "^(install|blacklist)[[:space:]]+$module([[:space:]]|\$)"; then
      bad mod-00 "module $module is blocked, which breaks instances"
    else
      ok
    fi
  done
}

# --- limits, services, files, accounts ----------------------------------------------------------------------------------------------
holds_line() { # ID FILE LINE
  if skips "$1"; then return 0; fi
  if grep -qxF -- "$3" "$2" 2>/dev/null; then ok; else bad "$1" "$2 lacks '$3'"; fi
}

# What systemd makes of all its files for one program: the last one that says something about a key wins.
config_is() { # ID FILE KEY VALUE
  if skips "$1"; then return 0; fi
  if has systemd-analyze && systemd-analyze cat-config "$2" >"$work/config" 2>/dev/null; then
    expect "$1" "$3 of $2" "$(sed -n "s/^$3=//p" "$work/config" | tail -n 1)" "$4"
  else
    configured=$((configured + 1))
    expect "$1" "$3 of $2 as configured" "$(sed -n "s/^$3=//p" "/etc/$2.d/60-bakeworker.conf" 2>/dev/null | tail -n 1)" "$4"
  fi
}

verify_limits() {
  holds_line core-01 /etc/security/limits.d/60-bakeworker.conf '* hard core 0'
  holds_line core-01 /etc/security/limits.d/60-bakeworker.conf 'root hard core 0'
  if ! skips core-01 && has runuser && runuser -u nobody -- true 2>/dev/null; then
    # The limit as a session of PAM gets it.
    if [ -e /etc/pam.d/runuser ] && grep -qs pam_limits /etc/pam.d/runuser /etc/pam.d/common-session /etc/pam.d/system-auth; then
      expect core-01 "the hard core limit of a user's process" "$(runuser -u nobody -- sh -c 'ulimit -Hc')" 0
    fi
  fi
  config_is core-02 systemd/coredump.conf Storage none
  config_is core-02 systemd/coredump.conf ProcessSizeMax 0
  if [ -f /etc/default/apport ]; then holds_line core-03 /etc/default/apport enabled=0; fi
  config_is log-01 systemd/journald.conf Storage persistent
  config_is log-01 systemd/journald.conf Compress yes
  config_is log-02 systemd/journald.conf SystemMaxUse 500M
  if $systemd_runs && ! skips log-01; then
    if [ -d /var/log/journal ]; then ok; else bad log-01 "the journal is not kept in /var/log/journal"; fi
  fi
}

is_off() { # ID UNIT
  if skips "$1"; then return 0; fi
  found=false
  for dir in /usr/lib/systemd/system /lib/systemd/system; do if [ -e "$dir/$2" ]; then found=true; fi; done
  $found || return 0
  if $systemd_runs; then
    case $(systemctl is-enabled "$2" 2>/dev/null) in
      masked | masked-runtime | disabled) ok ;;
      *) bad "$1" "$2 is enabled" ;;
    esac
  else
    configured=$((configured + 1))
    expect "$1" "the link of $2" "$(readlink "/etc/systemd/system/$2" || true)" /dev/null
  fi
}

verify_services() {
  for unit in avahi-daemon.service avahi-daemon.socket cups.service cups.socket rpcbind.service rpcbind.socket bluetooth.service \
    ModemManager.service whoopsie.service telnet.socket rsh.socket rlogin.socket rexec.socket tftp.socket xinetd.service; do
    is_off svc-01 "$unit"
  done
  [ "$UPDATES" = disabled ] || return 0
  for unit in apt-daily.timer apt-daily-upgrade.timer unattended-upgrades.service dnf-automatic.timer dnf-automatic-install.timer dnf-makecache.timer; do is_off upd-01 "$unit"; done
  if has apt-config && ! skips upd-01; then
    expect upd-01 'APT::Periodic::Enable' "$(apt-config dump APT::Periodic::Enable --format '%v')" 0
  fi
}

mode_is() { # ID PATH WANTED...: one of them
  if skips "$1" || [ ! -e "$2" ]; then return 0; fi
  control=$1 path=$2
  actual=$(stat -c '%a %U:%G' "$path")
  shift 2
  for wanted in "$@"; do
    if [ "$actual" = "$wanted" ]; then
      ok
      return 0
    fi
  done
  bad "$control" "$path is '$actual', wanted '$1'"
}

verify_files() {
  mode_is file-01 /etc/passwd '644 root:root'
  mode_is file-01 /etc/group '644 root:root'
  mode_is file-01 /etc/shadow '640 root:shadow' '0 root:root'
  mode_is file-01 /etc/gshadow '640 root:shadow' '0 root:root'
  mode_is file-02 /etc/crontab '600 root:root'
  for dir in /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly; do mode_is file-02 "$dir" '700 root:root'; done
  mode_is file-03 /root '700 root:root'
  if ! skips file-03; then
    find /home -mindepth 1 -maxdepth 1 -type d -perm /0027 >"$work/homes"
    if [ -s "$work/homes" ]; then bad file-03 "others may read $(head -n 1 "$work/homes")"; else ok; fi
  fi
  if ! skips file-04 || ! skips file-05; then
    find / -xdev -ignore_readdir_race \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /var/tmp -o -path /snap -o -path /var/lib/docker \
      -o -path /var/lib/containerd \) -prune \
      -o \( -type f -perm -0002 -o -type d -perm -0002 ! -perm -1000 \) -fprint "$work/writable" , \( -nouser -o -nogroup \) -fprint "$work/unowned"
    is_none file-04 writable 'anyone may write'
    is_none file-05 unowned 'nobody owns'
  fi
}

is_none() { # ID LIST WHAT
  if skips "$1"; then return 0; fi
  if [ -s "$work/$2" ]; then bad "$1" "$3 $(wc -l <"$work/$2") paths, such as $(head -n 1 "$work/$2")"; else ok; fi
}

login_def() { awk -v key="$1" '$1 == key { value = $2 } END { print value }' /etc/login.defs; }

verify_accounts() {
  if ! skips acc-01; then
    case $(awk -F: '$1 == "root" { print $2 }' /etc/shadow) in '!'* | '*'*) ok ;; *) bad acc-01 "root has a password" ;; esac
  fi
  if ! skips acc-02; then expect acc-02 'the list of accounts without a password' "$(awk -F: '$2 == "" { printf "%s ", $1 }' /etc/shadow)" ''; fi
  if ! skips acc-05; then expect acc-05 'the list of accounts with user id 0' "$(awk -F: '$3 == 0 { printf "%s ", $1 }' /etc/passwd)" 'root '; fi
  if ! skips acc-03; then
    expect acc-03 'UMASK in login.defs' "$(login_def UMASK)" 027
    expect acc-03 'HOME_MODE in login.defs' "$(login_def HOME_MODE)" 0750
    expect acc-03 'the umask of a login shell' "$(env -i PATH="$PATH" HOME=/nonexistent sh -lc umask 2>/dev/null)" 0027
  fi
  if ! skips acc-04; then
    case $(login_def ENCRYPT_METHOD) in SHA512 | YESCRYPT) ok ;; *) bad acc-04 "passwords are hashed with $(login_def ENCRYPT_METHOD)" ;; esac
  fi
  if [ -d /etc/sudoers.d ]; then
    holds_line sudo-01 /etc/sudoers.d/60-bakeworker 'Defaults use_pty'
    holds_line sudo-02 /etc/sudoers.d/60-bakeworker 'Defaults logfile="/var/log/sudo.log"'
    if has visudo && ! skips sudo-00; then if visudo -cq; then ok; else bad sudo-00 "visudo refuses the sudo settings"; fi; fi
  fi
  if [ -d /etc/audit/rules.d ]; then verify_audit; fi
}

# The rules in force where the audit daemon runs; elsewhere those that it would load.
verify_audit() {
  if $systemd_runs && has auditctl && auditctl -l >"$work/audit" 2>/dev/null; then
    rules=$work/audit
  else
    configured=$((configured + 1))
    rules=/etc/audit/rules.d/60-bakeworker.rules
  fi
  if ! skips aud-00; then
    if cat /etc/audit/rules.d/*.rules "$rules" 2>/dev/null | grep -Eq '^[[:space:]]*-a +(never,task|task,never)[[:space:]]*$'; then
      bad aud-00 "a rule 'never,task' switches auditing off"
    else
      ok
    fi
  fi
  for path in /etc/passwd /etc/shadow /etc/group /etc/gshadow; do watches aud-01 "$path" identity; done
  for path in /etc/sudoers /etc/sudoers.d; do watches aud-02 "$path" sudo; done
  for path in /etc/ssh/sshd_config /etc/ssh/sshd_config.d; do watches aud-03 "$path" sshd; done
}

watches() { # ID PATH KEY
  if skips "$1"; then return 0; fi
  # auditctl writes a directory with or without its last slash.
  if grep -Eqs -- "^-w $2/? -p wa -k $3\$" "$rules"; then ok; else bad "$1" "nobody watches $2"; fi
}

verify_ssh
verify_kernel
verify_modules
verify_limits
verify_services
verify_files
verify_accounts

printf '{"test":"verify-hardening","passed":%d,"failed":%d,"comparedAsConfigured":%d,"systemd":%s}\n' "$passed" "$failed" "$configured" "$systemd_runs"
[ "$failed" -eq 0 ]
