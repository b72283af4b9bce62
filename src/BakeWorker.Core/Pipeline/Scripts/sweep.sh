# shellcheck shell=sh
# What both sweeps share: how the disk is searched, and the form of a finding. The rules are in sweep-places.sh and sweep-contents.sh.
#
# The first line says how many findings there are, how many were allowed and what was searched. Each further line is one finding: rule, path
# and a masked hint, separated by tabs; as many as SSM shows of a command's output. No line holds more of a secret than its public prefix.
#   ROOT      another root directory (default: this machine's)
#   SINCE     files changed at or after this second since 1970 are searched for tokens (default: the first trace of the bake here)
#   ALLOWED   accepted findings, one a line: a rule, a space, and a pattern of paths with * and ?
#   MAX_BYTES what the output may take; default 17,000, of the 20,000 that a step may print
set -eu
export LC_ALL=C

ROOT=${ROOT:-}
ROOT=${ROOT%/}
ALLOWED=${ALLOWED:-}
MAX_BYTES=${MAX_BYTES:-17000}
readonly HUGE=4194304 # bytes; of a larger file so much is read
readonly LINE='
'

stop() {
  echo "sweep: $*" >&2
  exit 1
}

for tool in awk cut find grep head md5sum mktemp sed sort stat tail tr xargs; do
  command -v "$tool" >/dev/null || stop "$tool is missing: the machine cannot be searched"
done
[ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || stop "must run as root"
[ -d "$ROOT/etc" ] || stop "${ROOT:-/} is no root directory"

# /run is memory: what is written there never gets into an image.
if [ -z "$ROOT" ] && [ -w /run ]; then work=$(mktemp -d /run/bakeworker-sweep.XXXXXX); else work=$(mktemp -d); fi
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
: >"$work/found"
: >"$work/hits"

# finding RULE PATH HINT: for good.
finding() { printf '%s\t%s\t%s\n' "$1" "$(shown "$2")" "$3" >>"$work/found"; }
# hit RULE PATH HINT: one that counts only in a file that no package vouches for.
hit() { printf '%s\t%s\t%s\n' "$1" "$(encoded "${2#"$ROOT"}")" "$3" >>"$work/hits"; }

# A path on one line, for people: what could disturb a terminal or a reader of lines is a question mark.
shown() {
  case ${1#"$ROOT"} in
    *[![:print:]]*) printf '%s' "${1#"$ROOT"}" | tr -c '[:print:]' '?' ;;
    *) printf '%s' "${1#"$ROOT"}" ;;
  esac
}
# The same and back, for ourselves: a name may hold any byte but NUL, so lists of names are NUL-separated, and lines here hold them with
# the bytes 1 and 2 in place of newline and tab.
encoded() { case $1 in *"$LINE"* | *"	"*) printf '%s' "$1" | tr '\n\t' '\001\002' ;; *) printf '%s' "$1" ;; esac }
lines_of() { tr '\n\t\000' '\001\002\n' <"$1"; }
# decode LINE: sets path.
decode() {
  path=$1
  case $1 in
    *[[:cntrl:]]*)
      path=$(printf '%s.' "$1" | tr '\001\002' '\n\t')
      path=${path%.}
      ;;
  esac
}

size_of() { printf '%s bytes' "$(stat -L -c %s -- "$1" 2>/dev/null || echo 0)"; }
read_file() { head -c "$HUGE" -- "$1"; }

# A regular file with something in it; through a link only if it leads to one in this image.
is_file() {
  [ -f "$1" ] && [ -s "$1" ] || return 1
  [ -L "$1" ] || return 0
  case $(readlink -f -- "$1") in
    /run/* | /proc/* | /sys/* | /dev/*) return 1 ;;
    "$ROOT"/*) return 0 ;;
    *) return 1 ;;
  esac
}

homes() {
  {
    printf '/root\n/etc/skel\n'
    if [ -r "$ROOT/etc/passwd" ]; then cut -d: -f6 "$ROOT/etc/passwd"; fi
    for home in "$ROOT"/home/*; do printf '%s\n' "${home#"$ROOT"}"; done
  } | grep -E '^/.' | grep -Ev '^/(proc|dev|sys|run|bin|sbin|usr|usr/s?bin|nonexistent|home/\*)?$' | sort -u
}

# The disks of the image: the root's, and others of the machine that are mounted, but neither memory, nor the network, nor snaps.
disks() {
  printf '%s\n' "${ROOT:-/}"
  [ -z "$ROOT" ] || return 0
  awk '$1 ~ /^\/dev\// && $1 !~ /^\/dev\/loop/ && $2 != "/" && $3 ~ /^(ext[234]|xfs|btrfs|vfat|f2fs)$/ && !seen[$1]++ { print $2 }' /proc/mounts |
    while read -r mount; do
      mount=$(printf '%b' "$mount")
      if [ -d "$mount" ]; then printf '%s\n' "$mount"; fi
    done
}

# All regular files worth reading, in one walk, NUL-separated: small (for keys), delta and huge (changed since SINCE), stores (by name).
# Not the agent's and our own working files (the seal wipes them), nor what belongs to nobody's image: snaps, layers of containers.
list_files() {
  set --
  for dir in proc sys dev run snap var/lib/snapd/snaps var/lib/docker var/lib/containerd var/lib/containers var/lib/amazon/ssm var/log/amazon/ssm \
    var/lib/bakeworker var/lib/dpkg var/lib/rpm usr/lib/sysimage/rpm usr/share/man usr/share/locale usr/lib/modules lib/modules; do
    set -- "$@" -path "$ROOT/$dir" -o
  done
  for list in small delta huge stores; do : >"$work/$list"; done
  disks >"$work/disks"
  while IFS= read -r disk; do
    find "$disk" -xdev -ignore_readdir_race \( "$@" -path "$work" \) -prune -o -type f -size +0 \( \
      \( -size -1025k -fprint0 "$work/small.new" \) , \
      \( \( -newermt "@$SINCE" -o -newerct "@$SINCE" \) \( -size -4097k -fprint0 "$work/delta.new" -o -fprint0 "$work/huge.new" \) \) , \
      \( \( -iname '*.p12' -o -iname '*.pfx' -o -iname '*.ppk' -o -iname '*.kdbx' -o -iname '*.jks' -o -iname '*.jceks' -o -iname '*.bks' \
      -o -iname '*.keystore' -o -iname '*.pk8' -o -iname '*.der' -o -iname '*.key' -o -name '*.tfstate' -o -name '*.tfstate.*' \) -fprint0 "$work/stores.new" \) \
      \) 2>"$work/errors" ||
      # A file that went away while we looked is not in the image either.
      if grep -qv 'No such file or directory' "$work/errors"; then stop "the file system could not be read whole: $(head -n 1 "$work/errors" | tr -c '[:print:]' '?')"; fi
    for list in small delta huge stores; do cat "$work/$list.new" >>"$work/$list"; done
  done <"$work/disks"
}

# When the bake began here: the oldest file of ours. A machine that restarted since would otherwise hide what was written before.
began_at() {
  oldest=$(find "$ROOT/var/lib/bakeworker" -type f -printf '%T@\n' 2>/dev/null | cut -d. -f1 | sort -n | head -n 1)
  since=$(process_one_began)
  if [ -n "$oldest" ] && [ "$oldest" -lt "$since" ]; then since=$oldest; fi
  echo "$since"
}

# The machine's boot, by process 1, which in a sandbox is younger than the kernel; less ten seconds for rounding.
process_one_began() {
  since=$(awk '$1 == "btime" { print $2 }' /proc/stat)
  stat=$(cat /proc/1/stat)
  # shellcheck disable=SC2086
  set -- ${stat##*)}
  ticks=$(getconf CLK_TCK 2>/dev/null || echo 100)
  echo $((since + ${20} / ticks - 10))
}

# What a package brought and nobody changed since is public: test keys, samples, documentation. Prints digest and path of all such files.
package_files() {
  if [ -d "$ROOT/var/lib/dpkg/info" ]; then
    find "$ROOT/var/lib/dpkg/info" -name '*.md5sums' -exec sed -n 's|^\([0-9a-f]\{32\}\)  |\1 /|p' {} +
    if [ -r "$ROOT/var/lib/dpkg/status" ]; then sed -n 's|^ \(/.*\) \([0-9a-f]\{32\}\)\( .*\)\{0,1\}$|\2 \1|p' "$ROOT/var/lib/dpkg/status"; fi
  elif command -v rpm >/dev/null; then
    rpm --root "${ROOT:-/}" -qa --qf '[%{FILEDIGESTS} %{FILENAMES}\n]' || stop "rpm cannot say which files are its own"
  fi
}

# Moves the hits to the findings, but those in files that a package vouches for. A merged /usr makes two names of one file.
judge_hits() {
  [ -s "$work/hits" ] || return 0
  package_files | awk '
    function short(path) { return path ~ /^\/usr\/(bin|sbin|lib[0-9x]*)\// ? substr(path, 5) : path }
    NR == FNR { path = $0; sub(/^[^\t]*\t/, "", path); sub(/\t.*/, "", path); if (path !~ /[\001\002]/) asked[short(path)] = path; next }
    { at = index($0, " "); path = short(substr($0, at + 1)); if (path in asked) print substr($0, 1, at - 1), asked[path] }
  ' "$work/hits" - >"$work/digests"
  : >"$work/vouched"
  while read -r digest path; do
    case ${#digest} in 32) tool=md5sum ;; 64) tool=sha256sum ;; *) continue ;; esac
    if [ "$($tool <"$ROOT$path" | cut -d' ' -f1)" = "$digest" ]; then printf '%s\n' "$path" >>"$work/vouched"; fi
  done <"$work/digests"
  awk -F '\t' 'FILENAME ~ /vouched$/ { vouched[$0] = 1; next } !($2 in vouched)' "$work/vouched" "$work/hits" | tr -c '[:print:]\t\n' '?' >>"$work/found"
}

# Once for each rule and path; what only looks like a secret says nothing that a better rule has not said of the same file.
unique_findings() {
  awk -F '\t' '
    { weak = $1 ~ /^(private-key|generic-secret|url-password|authorization-header|jwt|environment-secret)$/ }
    seen[$1, $2]++ || (weak && $2 in known) { next }
    { known[$2] = 1; print }' "$work/found"
}

is_allowed() { # RULE PATH
  while IFS=' ' read -r rule pattern; do
    if [ "$rule" != "$1" ]; then continue; fi
    # shellcheck disable=SC2254
    case $2 in $pattern) return 0 ;; esac
  done <<END
$ALLOWED
END
  return 1
}

# report: prints what was found and ends the script. A name may itself hold a token, so the last word has a filter.
report() {
  judge_hits
  unique_findings >"$work/unique"
  : >"$work/denied"
  allowed=0
  while IFS='	' read -r rule path hint; do
    if [ -n "$ALLOWED" ] && is_allowed "$rule" "$path"; then allowed=$((allowed + 1)); else printf '%s\t%s\t%s\n' "$rule" "$path" "$hint" >>"$work/denied"; fi
  done <"$work/unique"
  awk -F '\t' -v allowed="$allowed" -v max="$MAX_BYTES" -v searched="$(tr -dc '\000' <"$work/delta" | wc -c)" -v huge="$(tr -dc '\000' <"$work/huge" | wc -c)" '
    { path = length($2) > 200 ? substr($2, 1, 120) "..." substr($2, length($2) - 76) : $2; line[NR] = $1 "\t" path "\t" $3 }
    END {
      printf "sweep\t%d findings\t%d allowed; %d changed files searched, %d more in part\n", NR, allowed, searched, huge
      for (i = 1; i <= NR; i++) {
        size += length(line[i]) + 1
        if (size > max) { printf "truncated\t-\t%d more findings\n", NR - i + 1; exit }
        print line[i]
      }
    }' "$work/denied" | masked_lines
  [ ! -s "$work/denied" ] || exit 20
}

# sweep_secrets: everything that both sweeps look for.
sweep_secrets() {
  SINCE=${SINCE:-$(began_at)}
  case $SINCE in '' | *[!0-9]*) stop "SINCE must be seconds since 1970, not '$SINCE'" ;; esac
  homes >"$work/homes"
  while IFS= read -r h; do
    h=$ROOT$h
    if [ -d "$h" ]; then sweep_home; fi
  done <"$work/homes"
  sweep_system
  list_files
  sweep_contents
}
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sweep-places.sh"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sweep-contents.sh"
