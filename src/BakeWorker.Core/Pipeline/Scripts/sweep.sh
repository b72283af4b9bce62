# shellcheck shell=bash
# What both sweeps share: the search for credentials that must not be in an image, and the form of a finding.
#
# A finding is one line: rule, path and a masked hint, separated by tabs. A hint never holds more than the public prefix of a secret.
#   ROOT    another root directory (default: this machine's)
#   SINCE   files changed at or after this second since 1970 are searched for tokens (default: the first trace of the bake here)
set -eu
shopt -s nullglob dotglob extglob
export LC_ALL=C

ROOT=${ROOT:-}
ROOT=${ROOT%/}
MAX_FINDINGS=${MAX_FINDINGS:-150}
findings=0

stop() {
  echo "sweep: $*" >&2
  exit 1
}

for tool in awk cut find grep head md5sum mktemp sort stat tr; do
  command -v "$tool" >/dev/null || stop "$tool is missing: the machine cannot be searched"
done
[ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || stop "must run as root"
[ -d "$ROOT/etc" ] || stop "${ROOT:-/} is no root directory"

# /run is memory: what is written there never gets into an image.
if [ -z "$ROOT" ] && [ -w /run ]; then work=$(mktemp -d /run/bakeworker-sweep.XXXXXX); else work=$(mktemp -d); fi
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
: >"$work/found"
: >"$work/paths"

# finding RULE PATH HINT: once for each rule and path.
finding() {
  local path=${2#"$ROOT"} line
  path=$(printf '%s' "$path" | tr '[:cntrl:]' '?')
  line=$1$'\t'$path$'\t'$3
  if cut -f1,2 "$work/found" | grep -qxF -- "$1"$'\t'"$path"; then return 0; fi
  findings=$((findings + 1))
  printf '%s\n' "$line" >>"$work/found"
  printf '%s\n' "$path" >>"$work/paths"
}

size_of() { printf '%s bytes' "$(stat -c %s "$1" 2>/dev/null || echo 0)"; }
is_file() { [ -f "$1" ] && [ -s "$1" ]; }

# forbidden RULE PATH...: files that must not exist with anything in them.
forbidden() {
  local rule=$1 path
  shift
  for path in "$@"; do
    if is_file "$path"; then finding "$rule" "$path" "a file of $(size_of "$path")"; fi
  done
}

# holding RULE WHAT PATTERN PATH...: files that must not hold the pattern (extended, any case).
holding() {
  local rule=$1 what=$2 pattern=$3 path
  shift 3
  for path in "$@"; do
    if is_file "$path" && grep -Eqi -- "$pattern" "$path"; then finding "$rule" "$path" "$what"; fi
  done
}

homes() {
  {
    printf '/root\n/etc/skel\n'
    if [ -r "$ROOT/etc/passwd" ]; then cut -d: -f6 "$ROOT/etc/passwd"; fi
    for home in "$ROOT"/home/*; do printf '%s\n' "${home#"$ROOT"}"; done
  } | grep -E '^/.' | grep -Ev '^/(proc|dev|sys|run|bin|sbin|usr|usr/s?bin|nonexistent)?$' | sort -u
}

# --- credentials with a known place -------------------------------------------------------------------------------------------------
sweep_home() {
  local h=$1
  forbidden aws-credentials "$h"/.aws/credentials "$h"/.aws/cli/cache/* "$h"/.aws/sso/cache/* "$h"/.aws/login/cache/*
  holding aws-credentials 'a key or a way to get one' '^[[:space:]]*(aws_secret_access_key|aws_session_token|credential_process)' "$h"/.aws/config "$h"/.boto
  forbidden s3cfg "$h"/.s3cfg
  forbidden azure-credentials "$h"/.azure/{accessTokens.json,msal_token_cache.json,msal_token_cache.bin,service_principal_entries.json,service_principal_entries.bin}
  forbidden gcloud-credentials "$h"/.config/gcloud/{credentials.db,access_tokens.db,application_default_credentials.json} "$h"/.config/gcloud/legacy_credentials/*/*
  forbidden kubeconfig "$h"/.kube/config
  holding docker-auth 'a registry login' '"(auth|identitytoken|password)"[[:space:]]*:[[:space:]]*"[^"]' "$h"/.docker/config.json "$h"/.dockercfg "$h"/.config/containers/auth.json
  forbidden netrc "$h"/.netrc "$h"/_netrc "$h"/.authinfo
  forbidden git-credentials "$h"/.git-credentials "$h"/.config/git/credentials
  holding git-credentials 'a token in a URL or a header' '(://[^/@[:space:]]+:[^/@[:space:]]+@|extraheader.*authorization)' "$h"/.gitconfig "$h"/.config/git/config
  forbidden gh-token "$h"/.config/gh/hosts.yml "$h"/.config/hub "$h"/.config/glab-cli/config.yml
  holding npmrc 'a registry token' '(_authToken|_auth|_password)[[:space:]]*=[[:space:]]*["'\'']?[^$"'\''[:space:]]' "$h"/.npmrc
  holding npmrc 'a registry token' '(npmAuthToken|npmAuthIdent|_authToken)["'\'']?[[:space:]]*:?[[:space:]]+["'\'']?[^$"'\''[:space:]]' "$h"/.yarnrc.yml "$h"/.yarnrc
  holding pypi-token 'a password' '^[[:space:]]*password[[:space:]]*[=:][[:space:]]*[^[:space:]]' "$h"/.pypirc
  holding pip-conf 'a password in an index URL' '://[^/@[:space:]]+:[^/@[:space:]]+@' "$h"/.config/pip/pip.conf "$h"/.pip/pip.conf
  holding nuget-config 'a feed password' '<add[^>]*key="(ClearTextPassword|Password)"' "$h"/.nuget/NuGet/NuGet.Config "$h"/.config/NuGet/NuGet.Config
  holding maven-settings 'a server password' '<(password|passphrase)>[^$<]' "$h"/.m2/settings*.xml
  holding gradle-properties 'a password or token' '(password|token|secret)[[:space:]]*=[[:space:]]*[^$[:space:]]' "$h"/.gradle/gradle.properties
  forbidden package-token "$h"/.gem/credentials "$h"/.cargo/credentials "$h"/.cargo/credentials.toml "$h"/.local/share/gem/credentials
  forbidden terraform-token "$h"/.terraform.d/credentials.tfrc.json
  holding terraform-token 'a token' '^[[:space:]]*token[[:space:]]*=' "$h"/.terraformrc
  forbidden vault-token "$h"/.vault-token
  forbidden database-password "$h"/.pgpass "$h"/.mylogin.cnf
  holding database-password 'a password' '^[[:space:]]*password[[:space:]]*=[[:space:]]*[^[:space:]]' "$h"/.my.cnf
  forbidden password-store "$h"/.password-store/*.gpg "$h"/.password-store/*/*.gpg "$h"/.config/op/config
  forbidden gpg-private-key "$h"/.gnupg/private-keys-v1.d/*.key "$h"/.gnupg/secring.gpg
  holding ssh-private-key 'a private key' '^-----BEGIN [A-Z0-9 ]*PRIVATE KEY' "$h"/.ssh/!(*.pub|known_hosts*|authorized_keys*|config)
  for history in "$h"/.{bash,zsh,ash,sh,python,node_repl,psql,mysql,sqlite,rediscli}_history "$h"/.history "$h"/.lesshst "$h"/.viminfo "$h"/.local/share/fish/fish_history; do
    forbidden history "$history"
  done
}

sweep_system() {
  forbidden krb5-keytab "$ROOT"/etc/krb5.keytab
  forbidden samba-secrets "$ROOT"/etc/samba/secrets.tdb "$ROOT"/var/lib/samba/private/secrets.tdb
  forbidden sssd-cache "$ROOT"/var/lib/sss/db/cache_*.ldb "$ROOT"/var/lib/sss/secrets/*
  holding wireguard-key 'a private key' '^[[:space:]]*(PrivateKey|PresharedKey)[[:space:]]*=[[:space:]]*[A-Za-z0-9+/]{42}' "$ROOT"/etc/wireguard/*.conf "$ROOT"/etc/systemd/network/*.netdev
  holding ipsec-secret 'a shared secret' '^[^#]*:[[:space:]]*(PSK|RSA|ECDSA|XAUTH|EAP|PKCS8)[[:space:]]' "$ROOT"/etc/ipsec.secrets "$ROOT"/etc/ipsec.d/*.secrets
  holding ppp-secret 'a password' '^[[:space:]]*[^#[:space:]]+[[:space:]]+[^[:space:]]+[[:space:]]+[^[:space:]]' "$ROOT"/etc/ppp/{chap,pap}-secrets
  holding network-password 'a network password' '^[[:space:]]*(psk|password|leap-password|wep-key[0-9])[[:space:]]*=' "$ROOT"/etc/NetworkManager/system-connections/* "$ROOT"/etc/wpa_supplicant/*.conf
  forbidden letsencrypt-key "$ROOT"/etc/letsencrypt/archive/*/privkey*.pem "$ROOT"/etc/letsencrypt/accounts/*/*/*/private_key.json
  forbidden subscription-key "$ROOT"/etc/pki/consumer/key.pem "$ROOT"/etc/pki/entitlement/*-key.pem "$ROOT"/var/lib/ubuntu-advantage/private/*
  holding subscription-key 'a token' '^[[:space:]]*token[[:space:]]*:[[:space:]]*[^[:space:]]' "$ROOT"/etc/ubuntu-advantage/uaclient.conf
  forbidden apt-auth "$ROOT"/etc/apt/auth.conf
  holding apt-auth 'a password' '^[^#]*password[[:space:]]' "$ROOT"/etc/apt/auth.conf.d/*
  holding repository-password 'a password' '(://[^/@[:space:]]+:[^/@[:space:]]+@|^[[:space:]]*(proxy_)?password[[:space:]]*=[[:space:]]*[^[:space:]])' \
    "$ROOT"/etc/yum.repos.d/* "$ROOT"/etc/dnf/dnf.conf "$ROOT"/etc/yum.conf "$ROOT"/etc/apt/apt.conf "$ROOT"/etc/apt/apt.conf.d/* "$ROOT"/etc/apt/sources.list "$ROOT"/etc/apt/sources.list.d/*
  holding pip-conf 'a password in an index URL' '://[^/@[:space:]]+:[^/@[:space:]]+@' "$ROOT"/etc/pip.conf
  holding npmrc 'a registry token' '(_authToken|_auth|_password)[[:space:]]*=[[:space:]]*["'\'']?[^$"'\''[:space:]]' "$ROOT"/etc/npmrc "$ROOT"/usr/etc/npmrc "$ROOT"/usr/local/etc/npmrc
  holding aws-credentials 'a key' '^[[:space:]]*aws_secret_access_key' "$ROOT"/etc/boto.cfg
  holding ecs-auth 'a registry login' '^[[:space:]]*ECS_ENGINE_AUTH_DATA[[:space:]]*=[[:space:]]*[^[:space:]]' "$ROOT"/etc/ecs/ecs.config
  forbidden ssm-registration "$ROOT"/etc/amazon/ssm/*registration* "$ROOT"/var/lib/amazon/ssm/registration
  forbidden kubeconfig "$ROOT"/etc/kubernetes/{admin,super-admin,kubelet,controller-manager,scheduler}.conf "$ROOT"/etc/rancher/k3s/k3s.yaml
  forbidden vault-token "$ROOT"/etc/vault-token "$ROOT"/etc/vault.d/*token* "$ROOT"/etc/vault/*token*
  # Variables whose name says what they are; an empty value, another variable or a path is no secret.
  holding environment-secret 'a variable named like a secret' \
    '(^|[[:space:]"])(export[[:space:]]+)?[A-Z0-9_]*(SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY)[A-Z0-9_]*=["'\'']?[^$/"'\''[:space:]][^"'\''[:space:]]{7,}' \
    "$ROOT"/etc/environment "$ROOT"/etc/profile.d/* "$ROOT"/etc/environment.d/* "$ROOT"/etc/systemd/system/*.{service,d/*} "$ROOT"/etc/systemd/system.conf.d/*
  forbidden core-dump "$ROOT"/var/crash/* "$ROOT"/var/lib/systemd/coredump/*
  if [ -r "$ROOT/etc/shadow" ]; then
    while IFS= read -r account; do
      finding password-hash "$ROOT/etc/shadow" "account $account can log in with a password"
    done < <(awk -F: '$2 == "" || $2 ~ /^\$/ { print $1 }' "$ROOT/etc/shadow")
  fi
}

# --- credentials anywhere -----------------------------------------------------------------------------------------------------------
# What the package manager put there, and nobody changed since, is public: test keys, samples, documentation. So are the keys that
# language runtimes and their libraries test themselves with.
vouched() {
  local path=${1#"$ROOT"} lists list package sum name
  case $path in
    */__pycache__/*.pyc) return 0 ;; # its source lies beside it
    */lib/python*/test/* | */@(site-packages|dist-packages|node_modules)/*/@(test|tests|testdata)/*) return 0 ;;
  esac
  if [ -d "$ROOT/var/lib/dpkg/info" ]; then
    for name in "$path" "${path#/usr}" "/usr$path"; do
      lists=$(grep -lxF -- "$name" /dev/null "$ROOT"/var/lib/dpkg/info/*.list || true)
      for list in $lists; do
        package=${list##*/}
        package=${package%.list}
        sum=$(md5sum <"$1" | cut -d' ' -f1)
        if grep -qF -- "$sum  ${name#/}" "$ROOT/var/lib/dpkg/info/$package.md5sums" 2>/dev/null; then return 0; fi
        if grep -qF -- " $name $sum" "$ROOT/var/lib/dpkg/status" 2>/dev/null; then return 0; fi
      done
    done
    return 1
  fi
  if command -v rpm >/dev/null && rpm --root "${ROOT:-/}" -qf "$path" >/dev/null 2>&1; then
    package=$(rpm --root "${ROOT:-/}" -qf "$path" | head -n 1)
    if rpm --root "${ROOT:-/}" -V --nodeps --noscripts "$package" 2>/dev/null | grep -E '^..5' | grep -qF -- " $path"; then return 1; fi
    return 0
  fi
  return 1
}

# files LIST TEST...: regular files worth reading, NUL-separated, into a list. Not the agent's and our own working files (the seal wipes
# them), nor what belongs to nobody's image: other file systems, snaps, layers of containers.
files() {
  local skip=() dir list=$1
  shift
  for dir in proc sys dev run snap var/lib/snapd/snaps var/lib/docker var/lib/containerd var/lib/containers var/lib/amazon/ssm var/log/amazon/ssm \
    var/lib/bakeworker var/lib/dpkg var/lib/rpm usr/share/doc usr/share/man usr/share/locale usr/lib/modules lib/modules; do
    skip+=(-path "$ROOT/$dir" -o)
  done
  find "${ROOT:-/}" -xdev -ignore_readdir_race \( "${skip[@]}" -path "$work" \) -prune -o -type f -size +0 "$@" -print0 >"$work/$list" 2>"$work/errors" ||
    # A file that went away while we looked is not in the image either.
    if grep -qv 'No such file or directory' "$work/errors"; then stop "the file system could not be read whole: $(head -n 1 "$work/errors")"; fi
}

# A key is a header at the start of a line and enough base64 under it; a program that only mentions the header has none.
is_pem_key() {
  awk '
    /^-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----/ { inside = 1; length64 = 0; next }
    inside && /^-----END / { if (length64 >= 60) found = 1; inside = 0 }
    inside { line = $0; sub(/\r$/, "", line); if (line ~ /^[A-Za-z0-9+\/=]+$/) length64 += length(line) }
    END { exit !found }' "$1"
}

sweep_keys() {
  local path
  files small -size -1024k
  while IFS= read -r -d '' path; do
    case ${path#"$ROOT"} in /etc/ssh/ssh_host_*_key) continue ;; esac
    if grep -qxF -- "${path#"$ROOT"}" "$work/paths"; then continue; fi
    if is_pem_key "$path" && ! vouched "$path"; then finding private-key "$path" "a private key that no package brought"; fi
  done < <(xargs -0 -r grep -lZIsE -- '^-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----' <"$work/small")
  files stores \( -iname '*.p12' -o -iname '*.pfx' -o -iname '*.ppk' -o -iname '*.kdbx' -o -name '*.tfstate' -o -name '*.tfstate.*' \)
  while IFS= read -r -d '' path; do
    if vouched "$path"; then continue; fi
    case $path in
      *.tfstate*) finding terraform-state "$path" "$(size_of "$path")" ;;
      *) finding key-store "$path" "$(size_of "$path")" ;;
    esac
  done <"$work/stores"
}

# When the bake began here: the oldest file of ours. A machine that restarted since would otherwise hide what was written before.
began_at() {
  local oldest since stat ticks
  oldest=$(find "$ROOT/var/lib/bakeworker" -type f -printf '%T@\n' 2>/dev/null | cut -d. -f1 | sort -n | head -n 1)
  since=$(awk '$1 == "btime" { print $2 }' /proc/stat)
  stat=$(cat /proc/1/stat)
  # shellcheck disable=SC2086
  set -- ${stat##*)}
  ticks=$(getconf CLK_TCK 2>/dev/null || echo 100)
  since=$((since + ${20} / ticks - 10))
  if [ -n "$oldest" ] && [ "$oldest" -lt "$since" ]; then since=$oldest; fi
  echo "$since"
}

# Rule, an extended pattern, and how much of a hit is its public prefix. These are shapes that one issuer gives out and nothing else has.
token_rules() {
  cat <<'RULES'
aws-access-key (^|[^A-Za-z0-9])(AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}($|[^A-Za-z0-9])
github-token (gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{82})
gitlab-token gl(pat|rt|dt|ptt|soat)-[A-Za-z0-9_-]{20}
slack-token xox[abposr]-[0-9A-Za-z-]{20}
slack-webhook hooks\.slack\.com/(services|workflows)/T[A-Z0-9]{6}
google-api-key AIza[A-Za-z0-9_-]{35}
stripe-key (sk|rk)_(live|prod)_[A-Za-z0-9]{20}
npm-token npm_[A-Za-z0-9]{36}
pypi-token pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50}
vault-token hvs\.[A-Za-z0-9_-]{90}
anthropic-key sk-ant-(api|admin)[0-9]{2}-[A-Za-z0-9_-]{80}
openai-key sk-[A-Za-z0-9_-]{16,}T3BlbkFJ[A-Za-z0-9_-]{16}
huggingface-token (^|[^A-Za-z0-9])hf_[A-Za-z]{34}
age-key AGE-SECRET-KEY-1[0-9A-Z]{58}
RULES
}

# Only the letters that every token of its kind begins with, and how long it is.
masked() {
  printf '%s... (%d characters)' "$(printf '%s' "$1" | cut -c1-4)" "${#1}"
}

sweep_tokens() {
  local rule pattern path hit patterns
  patterns=$(token_rules | cut -d' ' -f2- | tr '\n' '|')
  files delta -size -4096k \( -newermt "@$SINCE" -o -newerct "@$SINCE" \)
  scanned=$(tr -dc '\0' <"$work/delta" | wc -c)
  while IFS= read -r -d '' path; do
    while read -r rule pattern; do
      # The sample keys of AWS's documentation end in EXAMPLE.
      hit=$(grep -aoE -- "$pattern" "$path" | grep -v 'EXAMPLE' | tr -dc 'A-Za-z0-9_.\n-' | head -n 1) || true
      if [ -n "$hit" ] && ! vouched "$path"; then finding "$rule" "$path" "$(masked "$hit")"; fi
    done < <(token_rules)
  done < <(xargs -0 -r grep -lZasE -- "${patterns%|}" <"$work/delta")
  # A password in an address, where people write configuration; elsewhere it is mostly documentation.
  while IFS= read -r -d '' path; do
    case ${path#"$ROOT"} in
      */@(site-packages|dist-packages|node_modules)/*) continue ;;
      /etc/* | /root/* | /home/* | /srv/* | /opt/*) ;;
      *) continue ;;
    esac
    if grep -qxF -- "${path#"$ROOT"}" "$work/paths" || vouched "$path"; then continue; fi
    if grep -aoE -- '[a-z][a-z0-9+.-]*://[^/:@[:space:]"<>]+:[^/@[:space:]"<>]{6,}@[A-Za-z0-9]' "$path" |
      grep -Eqv '://[^:]*:([$%{<*]|x+@|pass(word|wd)?@|secret@|example)'; then
      finding url-password "$path" 'a password in an address'
    fi
  done < <(xargs -0 -r grep -lZIsE -- '://[^/:@[:space:]]+:[^/@[:space:]]{6,}@' <"$work/delta")
}

SINCE=${SINCE:-$(began_at)}
case $SINCE in '' | *[!0-9]*) stop "SINCE must be seconds since 1970, not '$SINCE'" ;; esac
scanned=0

sweep_secrets() {
  local home
  while read -r home; do
    if [ -d "$ROOT$home" ]; then sweep_home "$ROOT$home"; fi
  done < <(homes)
  sweep_system
  sweep_keys
  sweep_tokens
}

# report: prints what was found and ends the script.
report() {
  head -n "$MAX_FINDINGS" "$work/found"
  if [ "$findings" -gt "$MAX_FINDINGS" ]; then printf 'truncated\t-\t%d more findings\n' "$((findings - MAX_FINDINGS))"; fi
  echo "sweep: $findings findings; $scanned files changed since $SINCE were searched for tokens" >&2
  [ "$findings" -eq 0 ] || exit 20
}
