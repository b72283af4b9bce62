#!/bin/sh
# linux/harden - the house baseline, as drop-in files that can be read, audited and written again.
#
# Every control has an id. Vendor files stay as they are (but login.defs, which knows no drop-ins, and audit rules that switch auditing off). Controls that break EC2 are left out on
# purpose: rp_filter=1 (several interfaces), accept_ra=0 (IPv6 routes of a VPC), ip_forward=0 (containers), blocked vfat (the EFI
# partition), squashfs (snaps, among them Ubuntu's SSM agent) and overlay, noexec on /var (SSM runs scripts there), password ageing
# (accounts that log in by key would lock themselves out), passwords for sudo (cloud users have none).
# linux/verify-hardening checks the same ids on a machine booted from the image; docs/hardening.md has both as a table.
#
# Environment (all optional):
#   HARDEN_SKIP   ids to leave out, separated by spaces, such as "ssh-11 mod-08"; give the same value to linux/verify-hardening
#   UPDATES       `disabled` (default): the image only changes by being baked again; `security`: the distribution's own timers stay
#   ROOT          another root directory; then nothing is applied to the running system
#
# Prints one line of JSON. Exit codes: 0 hardened, 1 failed (the former sshd settings are back in place), 2 a value that cannot be used.
set -eu
umask 022

ROOT=${ROOT:-}
ROOT=${ROOT%/}
HARDEN_SKIP=${HARDEN_SKIP:-}
UPDATES=${UPDATES:-disabled}

say() { echo "harden: $*" >&2; }
fail() {
  say "$2"
  exit "$1"
}
has() { command -v "$1" >/dev/null 2>&1; }
has_systemd() { [ -z "$ROOT" ] && [ -d /run/systemd/system ] && has systemctl; }

case $UPDATES in disabled | security) ;; *) fail 2 "UPDATES must be disabled or security, not '$UPDATES'" ;; esac
case $HARDEN_SKIP in *[!a-z0-9\ -]*) fail 2 "HARDEN_SKIP must be control ids separated by spaces" ;; esac
[ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || fail 1 "must run as root"

applied=0
skipped=''
changed=''

# control ID: whether the recipe wants it.
control() {
  case " $HARDEN_SKIP " in
    *" $1 "*)
      skipped="$skipped $1"
      return 1
      ;;
  esac
  applied=$((applied + 1))
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# add ID LINE...: lines of the file being composed.
add() {
  control "$1" || return 0
  echo "# $1" >>"$work/file"
  shift
  printf '%s\n' "$@" >>"$work/file"
}

compose() {
  echo "# Written by linux/harden; written again at every bake." >"$work/file"
}

# install PATH MODE: puts the composed file in place when it differs.
install_file() {
  target=$ROOT$1
  if [ -f "$target" ] && cmp -s "$work/file" "$target"; then
    chmod "$2" "$target"
    return 0
  fi
  mkdir -p "$(dirname "$target")"
  cp "$work/file" "$target.bakeworker-new"
  chmod "$2" "$target.bakeworker-new"
  mv -f "$target.bakeworker-new" "$target"
  changed="$changed $1"
}

has_changed() { case " $changed " in *" $1 "*) return 0 ;; *) return 1 ;; esac }

harden_ssh() {
  sshd=$(command -v sshd || echo /usr/sbin/sshd)
  if [ ! -e "$ROOT/etc/ssh/sshd_config" ] || { [ -z "$ROOT" ] && [ ! -x "$sshd" ]; }; then
    say "no sshd here: ssh controls do not apply"
    return 0
  fi
  if ! grep -Eqi '^[[:space:]]*include[[:space:]].*sshd_config\.d' "$ROOT/etc/ssh/sshd_config"; then
    fail 1 "/etc/ssh/sshd_config does not include sshd_config.d; a drop-in would be ignored"
  fi

  compose
  # The first value wins in sshd, and cloud-init writes 50-cloud-init.conf: hence 00.
  add ssh-01 'PermitRootLogin no'                # administrators come by SSM or sudo, so that it is known who they were
  add ssh-02 'PasswordAuthentication no'         # passwords are guessed; keys are not
  add ssh-03 'KbdInteractiveAuthentication no'   # the other door to passwords
  add ssh-04 'PermitEmptyPasswords no'
  add ssh-05 'PermitUserEnvironment no'          # LD_PRELOAD by way of ~/.ssh/environment
  add ssh-06 'HostbasedAuthentication no' 'IgnoreRhosts yes' # trust by host name
  add ssh-07 'GSSAPIAuthentication no'           # unused code before authentication
  add ssh-08 'X11Forwarding no'
  add ssh-09 'AllowAgentForwarding no'           # root of this machine could use the caller's keys
  add ssh-10 'MaxAuthTries 4' 'LoginGraceTime 60' 'MaxStartups 10:30:60' # slows guessing, keeps slots free
  add ssh-11 'AllowTcpForwarding no'             # skip it on bastions
  add ssh-12 'ClientAliveInterval 300' 'ClientAliveCountMax 3' # dead sessions end after 15 minutes
  add ssh-13 'LogLevel VERBOSE'                  # writes down which key came in
  add ssh-14 'UsePAM yes'                        # limits and account rules count for SSH too
  add ssh-15 'MaxSessions 10'

  drop_in=/etc/ssh/sshd_config.d/00-bakeworker.conf
  rm -f "$work/former"
  if [ -f "$ROOT$drop_in" ]; then cp -p "$ROOT$drop_in" "$work/former"; fi
  install_file "$drop_in" 600
  [ -z "$ROOT" ] || return 0
  if ! check_sshd; then
    # A file that sshd refuses would close the machine for good.
    if [ -f "$work/former" ]; then mv -f "$work/former" "$drop_in"; else rm -f "$drop_in"; fi
    fail 1 "sshd -t refuses the new settings; the former ones are back"
  fi
  if control ssh-16; then # whoever reads a host key can pass for this machine; RHEL gives them to a group of their own
    for key in /etc/ssh/ssh_host_*_key; do
      if [ -e "$key" ] && [ "$(stat -c '%a %G' "$key")" != '640 ssh_keys' ]; then set_mode 600 root:root "$key"; fi
    done
  fi
  if has_systemd && has_changed "$drop_in"; then
    systemctl try-reload-or-restart ssh.service sshd.service 2>/dev/null || true
  fi
}

# sshd looks for a host key even when it only checks its settings, and a cleaned machine has none.
check_sshd() {
  mkdir -p /run/sshd
  rm -f "$work/key" "$work/key.pub"
  ssh-keygen -q -t ed25519 -N '' -C check -f "$work/key" && "$sshd" -t -h "$work/key"
}

harden_kernel() {
  compose
  # A leading '-' lets a key pass that this kernel does not know.
  add sys-01 '-kernel.randomize_va_space = 2'          # addresses cannot be guessed
  add sys-02 '-kernel.kptr_restrict = 2'               # kernel addresses are nobody's business
  add sys-03 '-kernel.dmesg_restrict = 1'
  add sys-04 '-kernel.yama.ptrace_scope = 1'           # a process cannot read its neighbours' memory
  add sys-05 '-kernel.sysrq = 0'
  add sys-06 '-kernel.unprivileged_bpf_disabled = 1' '-net.core.bpf_jit_harden = 2'
  add sys-07 '-kernel.perf_event_paranoid = 4'
  add sys-08 '-fs.suid_dumpable = 0' '-kernel.core_uses_pid = 1' # privileged processes leave no core
  add sys-09 '-fs.protected_hardlinks = 1' '-fs.protected_symlinks = 1' # link races in /tmp
  add sys-10 '-fs.protected_fifos = 1' '-fs.protected_regular = 2'
  add sys-11 '-vm.mmap_min_addr = 65536'               # null pointers stay unmapped
  add net-01 '-net.ipv4.conf.all.accept_redirects = 0' '-net.ipv4.conf.default.accept_redirects = 0' \
    '-net.ipv6.conf.all.accept_redirects = 0' '-net.ipv6.conf.default.accept_redirects = 0' # routes come from the VPC, not from neighbours
  add net-02 '-net.ipv4.conf.all.secure_redirects = 0' '-net.ipv4.conf.default.secure_redirects = 0'
  add net-03 '-net.ipv4.conf.all.send_redirects = 0' '-net.ipv4.conf.default.send_redirects = 0'
  add net-04 '-net.ipv4.conf.all.accept_source_route = 0' '-net.ipv4.conf.default.accept_source_route = 0' \
    '-net.ipv6.conf.all.accept_source_route = 0' '-net.ipv6.conf.default.accept_source_route = 0'
  add net-05 '-net.ipv4.conf.all.log_martians = 1' '-net.ipv4.conf.default.log_martians = 1'
  add net-06 '-net.ipv4.tcp_syncookies = 1'
  add net-07 '-net.ipv4.icmp_echo_ignore_broadcasts = 1' '-net.ipv4.icmp_ignore_bogus_error_responses = 1'
  # The last file wins in sysctl, and Debian, Ubuntu and Amazon Linux ship some called 99.
  install_file /etc/sysctl.d/99-zz-bakeworker.conf 644
  # The image counts, not this kernel: where the values cannot be set (a sandbox), the file is still right.
  if has_systemd && has sysctl; then
    sysctl -q -p /etc/sysctl.d/99-zz-bakeworker.conf >/dev/null 2>&1 || say "some kernel values could not be set now; they count from the next boot"
  fi
}

block() {
  add "$1" "install $2 /bin/false" "blacklist $2"
}

harden_modules() {
  compose
  # File systems and protocols that no instance needs and that have had holes. See the head for those that must stay.
  block mod-01 cramfs
  block mod-02 freevxfs
  block mod-03 hfs
  block mod-04 hfsplus
  block mod-05 jffs2
  block mod-06 udf
  block mod-07 dccp
  block mod-08 sctp
  block mod-09 rds
  block mod-10 tipc
  block mod-11 usb-storage
  block mod-12 firewire-core
  if has_systemd && ! cmp -s "$work/file" /etc/modprobe.d/60-bakeworker.conf; then note_drivers; fi
  install_file /etc/modprobe.d/60-bakeworker.conf 644
  if has_systemd && [ -e "$wanted" ]; then rebuild_initramfs; fi
}

# An initramfs without the disk or network driver is an image that never boots: what was in it before must be in it after. That is written
# down before anything changes and stays until the new one is right, so that a run that was cut off is not taken for the measure.
wanted=/var/lib/bakeworker-initramfs

know_initramfs() {
  if has update-initramfs && has lsinitramfs; then
    drivers() { for image in /boot/initrd.img-*; do lsinitramfs "$image" 2>/dev/null | grep -Eo '/(nvme|ena|xen-blkfront)\.ko' | sort -u; done; }
    rebuild() { update-initramfs -u -k all; }
  elif has dracut && has lsinitrd; then
    drivers() { lsinitrd 2>/dev/null | grep -Eo '/(nvme|ena|xen-blkfront)\.ko' | sort -u; }
    rebuild() { dracut -f --regenerate-all; }
  else
    return 1
  fi
}

note_drivers() {
  if [ -e "$wanted" ] || ! know_initramfs; then return 0; fi
  { drivers || true; } >"$wanted.new"
  mv -f "$wanted.new" "$wanted"
}

rebuild_initramfs() {
  know_initramfs || return 0
  rebuild >&2 || fail 1 "the initramfs could not be rebuilt"
  [ "$(drivers || true)" = "$(cat "$wanted")" ] || fail 1 "the rebuilt initramfs lacks a driver that the former one had: $(tr '\n' ' ' <"$wanted")"
  rm -f "$wanted"
  # Whether it boots is better found out here than by the first user.
  : >>/run/reboot-required
}

harden_limits() {
  compose
  add core-01 '* hard core 0' 'root hard core 0' # a core holds whatever secret the process held; '*' does not mean root
  install_file /etc/security/limits.d/60-bakeworker.conf 644
  compose
  echo '[Coredump]' >>"$work/file"
  add core-02 'Storage=none' 'ProcessSizeMax=0'
  install_file /etc/systemd/coredump.conf.d/60-bakeworker.conf 644
  if [ -f "$ROOT/etc/default/apport" ] && control core-03; then # apport takes cores over, whatever the limits say
    sed -i 's/^enabled=.*/enabled=0/' "$ROOT/etc/default/apport"
    mask apport.service
  fi
  compose
  echo '[Journal]' >>"$work/file"
  add log-01 'Storage=persistent' 'Compress=yes' # what happened before a crash can be read after it
  add log-02 'SystemMaxUse=500M'                 # and does not fill the disk
  install_file /etc/systemd/journald.conf.d/60-bakeworker.conf 644
  if has_systemd && has_changed /etc/systemd/journald.conf.d/60-bakeworker.conf; then systemctl try-restart systemd-journald.service || true; fi
}

# mask UNIT: by its link, which needs no running systemd and cannot be undone by a preset.
mask() {
  unit=$ROOT/etc/systemd/system/$1
  if [ "$(readlink "$unit" 2>/dev/null || true)" = /dev/null ]; then return 0; fi
  mkdir -p "$(dirname "$unit")"
  rm -f "$unit"
  ln -s /dev/null "$unit"
  changed="$changed /etc/systemd/system/$1"
  if has_systemd; then systemctl stop "$1" 2>/dev/null || true; fi
}

has_unit() {
  for dir in /usr/lib/systemd/system /lib/systemd/system /etc/systemd/system; do
    if [ -f "$ROOT$dir/$1" ] || [ -L "$ROOT$dir/$1" ]; then return 0; fi
  done
  return 1
}

harden_services() {
  if control svc-01; then # a server does not announce itself, print, phone or serve RPC
    for unit in avahi-daemon.service avahi-daemon.socket cups.service cups.socket rpcbind.service rpcbind.socket bluetooth.service \
      ModemManager.service whoopsie.service telnet.socket rsh.socket rlogin.socket rexec.socket tftp.socket xinetd.service; do
      if has_unit "$unit"; then mask "$unit"; fi
    done
  fi
  if [ "$UPDATES" = disabled ] && control upd-01; then # a fleet is what its image is; on Ubuntu the timers also race for the dpkg lock
    for unit in apt-daily.timer apt-daily-upgrade.timer unattended-upgrades.service dnf-automatic.timer dnf-automatic-install.timer dnf-makecache.timer; do
      if has_unit "$unit"; then mask "$unit"; fi
    done
    if [ -d "$ROOT/etc/apt/apt.conf.d" ]; then
      compose
      sed -i 's/^#/\/\//' "$work/file"
      echo 'APT::Periodic::Enable "0";' >>"$work/file"
      install_file /etc/apt/apt.conf.d/60-bakeworker.conf 644
    fi
  fi
}

# set_login_def KEY VALUE: in place, because login.defs has no drop-in directory.
set_login_def() {
  file=$ROOT/etc/login.defs
  if grep -Eq "^$1[[:space:]]+$2[[:space:]]*\$" "$file" && [ "$(grep -Ec "^$1[[:space:]]" "$file")" = 1 ]; then return 0; fi
  awk -v key="$1" -v value="$2" '
    $1 == key { if (!done) print key "\t" value; done = 1; next }
    { print }
    END { if (!done) print key "\t" value }' "$file" >"$work/login.defs"
  cat "$work/login.defs" >"$file"
  changed="$changed /etc/login.defs"
}

harden_accounts() {
  if [ -f "$ROOT/etc/shadow" ] && [ -z "$ROOT" ]; then
    if control acc-01; then # nobody knows a root password, so none may exist
      case $(awk -F: '$1 == "root" { print $2 }' /etc/shadow) in
        '!'* | '*'*) ;;
        *) passwd -l root >/dev/null && changed="$changed /etc/shadow" ;;
      esac
    fi
    if control acc-02; then # an empty hash is an open door
      awk -F: '$2 == "" { print $1 }' /etc/shadow >"$work/open"
      while read -r account; do
        passwd -l "$account" >/dev/null
        changed="$changed /etc/shadow"
      done <"$work/open"
    fi
    if control acc-05; then # a second root would be a root that nobody watches; which one is wrong, only people know
      others=$(awk -F: '$3 == 0 && $1 != "root" { printf " %s", $1 }' /etc/passwd)
      [ -z "$others" ] || fail 1 "these accounts have root's user id:$others"
    fi
  fi
  if [ -d "$ROOT/etc/sudoers.d" ]; then
    compose
    add sudo-01 'Defaults use_pty'                     # a command cannot take over the terminal it was started from
    add sudo-02 'Defaults logfile="/var/log/sudo.log"'
    if [ -z "$ROOT" ] && has visudo; then visudo -cqf "$work/file" || fail 1 "visudo refuses the new sudo settings"; fi
    install_file /etc/sudoers.d/60-bakeworker 440
  fi
  if [ -d "$ROOT/etc/audit/rules.d" ]; then
    compose
    add aud-01 '-w /etc/passwd -p wa -k identity' '-w /etc/shadow -p wa -k identity' '-w /etc/group -p wa -k identity' '-w /etc/gshadow -p wa -k identity'
    add aud-02 '-w /etc/sudoers -p wa -k sudo' '-w /etc/sudoers.d -p wa -k sudo'
    add aud-03 '-w /etc/ssh/sshd_config -p wa -k sshd' '-w /etc/ssh/sshd_config.d -p wa -k sshd'
    install_file /etc/audit/rules.d/60-bakeworker.rules 640
    if control aud-00; then # Amazon Linux ships one, and no rule counts beside it
      for rules in "$ROOT"/etc/audit/rules.d/*.rules; do
        if grep -Eqs "$no_auditing" "$rules"; then
          sed -i -E "/$no_auditing/d" "$rules"
          changed="$changed ${rules#"$ROOT"}"
        fi
      done
    fi
    if has_systemd && has augenrules; then augenrules --load >/dev/null 2>&1 || say "audit rules count from the next boot"; fi
  fi
}

no_auditing='^[[:space:]]*-a +(never,task|task,never)[[:space:]]*$'

# set_mode MODE OWNER:GROUP PATH
set_mode() {
  if [ ! -e "$ROOT$3" ]; then return 0; fi
  [ -n "$ROOT" ] || chown "$2" "$3"
  chmod "$1" "$ROOT$3"
}

harden_files() {
  if control file-01; then
    for file in passwd group; do set_mode 644 root:root "/etc/$file"; done
    # Debian's own tools read shadow as group shadow; elsewhere only root does.
    if grep -q '^shadow:' "$ROOT/etc/group" 2>/dev/null; then
      for file in shadow gshadow shadow- gshadow-; do set_mode 640 root:shadow "/etc/$file"; done
    else
      for file in shadow gshadow shadow- gshadow-; do set_mode 000 root:root "/etc/$file"; done
    fi
  fi
  if control file-02; then # jobs of root are read and written by root
    set_mode 600 root:root /etc/crontab
    for dir in cron.d cron.hourly cron.daily cron.weekly cron.monthly; do set_mode 700 root:root "/etc/$dir"; done
  fi
  if control file-03; then
    set_mode 700 root:root /root
    for home in "$ROOT"/home/*; do if [ -d "$home" ] && [ ! -L "$home" ]; then chmod o-rwx,g-w "$home"; fi; done
  fi
  if control file-04; then # what anyone may write, anyone may make root run
    find "${ROOT:-/}" -xdev -ignore_readdir_race \( -path "$ROOT/proc" -o -path "$ROOT/sys" -o -path "$ROOT/dev" -o -path "$ROOT/run" -o -path "$ROOT/tmp" -o -path "$ROOT/var/tmp" \
      -o -path "$ROOT/snap" -o -path "$ROOT/var/lib/docker" -o -path "$ROOT/var/lib/containerd" \) -prune -o -type f -perm -0002 -exec chmod o-w {} +
    find "${ROOT:-/}" -xdev -ignore_readdir_race \( -path "$ROOT/proc" -o -path "$ROOT/sys" -o -path "$ROOT/dev" -o -path "$ROOT/run" \
      -o -path "$ROOT/snap" -o -path "$ROOT/var/lib/docker" -o -path "$ROOT/var/lib/containerd" \) -prune -o -type d -perm -0002 ! -perm -1000 -exec chmod +t {} +
  fi
  if [ -z "$ROOT" ] && control file-05; then # the next account with that number would own them
    find / -xdev -ignore_readdir_race \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /var/tmp -o -path /snap -o -path /var/lib/docker \
      -o -path /var/lib/containerd \) -prune -o \( -nouser -o -nogroup \) -exec chown -h root:root {} +
  fi
}

# Last of all: a package installed under this umask would leave files that its own users cannot read.
harden_umask() {
  if [ ! -f "$ROOT/etc/login.defs" ]; then return 0; fi
  if control acc-03; then
    set_login_def UMASK 027
    set_login_def HOME_MODE 0750
    compose
    echo 'umask 027' >>"$work/file"
    install_file /etc/profile.d/60-bakeworker.sh 644
  fi
  if control acc-04; then # yescrypt and SHA-512 are fine; older hashes are not
    case $(awk '$1 == "ENCRYPT_METHOD" { print $2 }' "$ROOT/etc/login.defs") in
      SHA512 | YESCRYPT) ;;
      *) set_login_def ENCRYPT_METHOD SHA512 ;;
    esac
  fi
}

harden_ssh
harden_kernel
harden_modules
harden_limits
harden_services
harden_accounts
harden_files
harden_umask

for id in $HARDEN_SKIP; do
  case " $skipped " in *" $id "*) ;; *) say "HARDEN_SKIP names $id, which is no control or does not apply here" ;; esac
done
files=$(for file in $changed; do printf '"%s",' "$file"; done)
ids=$(for id in $skipped; do printf '"%s",' "$id"; done)
printf '{"step":"harden","controls":%d,"skipped":[%s],"updates":"%s","changed":[%s]}\n' "$applied" "${ids%,}" "$UPDATES" "${files%,}"
