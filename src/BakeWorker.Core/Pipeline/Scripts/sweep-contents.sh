# shellcheck shell=sh
# The part of the sweep that reads files: private keys anywhere in the image, tokens and passwords in what changed since the bake began.
# shellcheck disable=SC2154 # sweep.sh, which loads this, sets work and path
# First a search for fixed strings, which is quick, then the rules' own patterns in the few files that have one of them.

# Rule, how random a hit must be (bits per character), letters of which every hit holds some (any case), and its shape. These are shapes that one
# issuer gives out and nothing else has.
token_rules() {
  cat <<'RULES'
aws-access-key 3.0 AKIA|ASIA|ABIA|ACCA (AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}
aws-secret-key 3.5 aws_secret|awssecret aws_?secret_?(access_?)?key["']?[[:space:]]*[=:,][[:space:]]*["']?[A-Za-z0-9/+]{40}
aws-bedrock-key 3.0 ABSK ABSK[A-Za-z0-9+/]{109,}
github-token 3.0 ghp_|gho_|ghu_|ghs_|ghr_ gh[pousr]_[A-Za-z0-9]{36}
github-token 3.0 github_pat_ github_pat_[A-Za-z0-9_]{82}
gitlab-token 3.0 glpat-|glrt-|gldt-|glptt-|glsoat-|glft-|glcbt-|glagent- gl(pat|rt|dt|ptt|soat|ft|cbt|agent)-[A-Za-z0-9_-]{20}
slack-token 2.5 xoxa-|xoxb-|xoxp-|xoxo-|xoxs-|xoxr-|xoxe- xox[abposre]-[0-9A-Za-z-]{20,}
slack-token 2.5 xapp- xapp-[0-9]-[A-Z0-9]+-[0-9]+-[a-z0-9]{32,}
slack-webhook 3.0 hooks.slack.com hooks\.slack\.com/(services|workflows|triggers)/T[A-Z0-9]{6,}/[A-Za-z0-9/]{15,}
discord-webhook 3.0 api/webhooks discord(app)?\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,}
telegram-token 3.5 :AA [0-9]{8,10}:AA[A-Za-z0-9_-]{33}
google-api-key 3.5 AIza AIza[A-Za-z0-9_-]{35}
google-oauth-secret 3.0 GOCSPX- GOCSPX-[A-Za-z0-9_-]{28}
google-oauth-token 3.0 ya29. ya29\.[A-Za-z0-9_-]{30,}
azure-client-secret 3.5 Q~ [A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}
azure-storage-key 4.0 AccountKey= AccountKey=[A-Za-z0-9+/]{86}==
azure-sas 3.5 sig= [?&]sig=[A-Za-z0-9%/+]{40,}(%3D|=)
stripe-key 2.5 sk_live_|sk_prod_|rk_live_|rk_prod_ (sk|rk)_(live|prod)_[A-Za-z0-9]{20}
npm-token 2.5 npm_ npm_[A-Za-z0-9]{36}
pypi-token 3.0 pypi-AgEI pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50}
rubygems-token 3.0 rubygems_ rubygems_[a-f0-9]{48}
dockerhub-token 3.0 dckr_ dckr_[po]at_[A-Za-z0-9_-]{27}
vault-token 3.5 hvs.|hvb.|hvr. hv[sbr]\.[A-Za-z0-9_-]{90}
terraform-token 3.5 .atlasv1. [A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60}
anthropic-key 3.0 sk-ant- sk-ant-(api|admin)[0-9]{2}-[A-Za-z0-9_-]{80}
openai-key 3.0 T3BlbkFJ sk-[A-Za-z0-9_-]{16,}T3BlbkFJ[A-Za-z0-9_-]{16}
huggingface-token 2.5 hf_ hf_[A-Za-z]{34}
digitalocean-token 3.0 dop_v1_|doo_v1_|dor_v1_ do[opr]_v1_[a-f0-9]{64}
sendgrid-key 3.5 SG. SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}
atlassian-token 3.5 ATATT3 ATATT3[A-Za-z0-9_=-]{100,}
databricks-token 3.0 dapi dapi[a-f0-9]{32}
newrelic-key 3.0 NRAK- NRAK-[A-Z0-9]{27}
grafana-token 3.0 glsa_ glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}
shopify-token 3.0 shpat_|shpss_|shpca_|shppa_ shp(at|ss|ca|pa)_[a-fA-F0-9]{32}
linear-key 3.0 lin_api_ lin_api_[A-Za-z0-9]{40}
pulumi-token 3.0 pul- pul-[a-f0-9]{40}
tailscale-key 3.0 tskey- tskey-(auth|api|client|scim)-[A-Za-z0-9]{10,}-[A-Za-z0-9]{20,}
postman-key 3.0 PMAK- PMAK-[a-f0-9]{24}-[a-f0-9]{34}
planetscale-token 3.0 pscale_ pscale_(pw|tkn|oauth)_[A-Za-z0-9_.=-]{32}
sentry-token 3.5 sntrys_|sntryu_ sntry[su]_[A-Za-z0-9+/=_-]{40,}
onepassword-token 3.5 ops_eyJ ops_eyJ[A-Za-z0-9+/=_-]{80,}
doppler-token 3.0 dp.pt.|dp.st.|dp.ct.|dp.sa.|dp.scim.|dp.audit. dp\.(pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.-]{40,}
age-key 3.5 AGE-SECRET-KEY-1 AGE-SECRET-KEY-1[0-9A-Z]{58}
jwt 3.5 eyJ eyJ[A-Za-z0-9_-]{14,}\.eyJ[A-Za-z0-9_-]{14,}\.[A-Za-z0-9_-]{10,}
password-hash 3.5 $6$|$5$|$y$|$gy$|$7$ \$(6|5|y|gy|7)\$[./A-Za-z0-9$=,]{1,60}\$[./A-Za-z0-9]{43,86}
password-hash 3.5 $2a$|$2b$|$2x$|$2y$ \$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{53}
authorization-header 3.0 authorization authorization["']?[[:space:]]*[:=][[:space:]]*["']?(Bearer|Basic|token)[[:space:]]+[A-Za-z0-9._~+/=-]{16,}
connection-string 2.0 password=|pwd= (server|data source|host|accountendpoint)=[^;"']+;[^"']*(password|pwd)=[^;"'$<{%[:space:]]{6,}
private-key 3.0 -----BEGIN -----BEGIN[A-Z0-9 ]* PRIVATE KEY( BLOCK)?-----(\\r)?\\n[A-Za-z0-9+/=\\]{40,}
private-key 3.0 LS0tLS1CRUdJTi (LS0tLS1CRUdJTiBQUklWQVRFIEtFW|LS0tLS1CRUdJTiBSU0EgUFJJVkFURS|LS0tLS1CRUdJTiBFQyBQUklWQVRF|LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVE|LS0tLS1CRUdJTiBFTkNSWVBURUQgUFJJVkFUR|LS0tLS1CRUdJTiBEU0EgUFJJVkFURS)[A-Za-z0-9+/=]{60,}
private-key 3.0 "kty" "kty"[[:space:]]*:.*"d"[[:space:]]*:[[:space:]]*"[A-Za-z0-9_-]{40,}"|"d"[[:space:]]*:[[:space:]]*"[A-Za-z0-9_-]{40,}".*"kty"[[:space:]]*:
private-key 3.0 <D> <D>[A-Za-z0-9+/=]{80,}</D>
RULES
}

# What people write where a secret would be.
readonly PLACEHOLDER='EXAMPLE|example|[Xx]{5}|\*\*\*\*|\.\.\.|([A-Za-z0-9])\1\1\1\1\1|012345|123456789|abcdefgh|ABCDEFGH|changeme|CHANGEME|placeholder|your[-_]|YOUR[-_]|dummy|redacted|REDACTED|deadbeef'

# plausible FLOOR: the first line of the input that could be a secret, as the number of its line and how long it is.
plausible() {
  grep -Ev -- "$PLACEHOLDER" | awk -v floor="$1" '
    function entropy(text, i, n, count, sum, letter) {
      n = length(text)
      for (i = 1; i <= n; i++) count[substr(text, i, 1)]++
      for (letter in count) sum -= count[letter] / n * log(count[letter] / n) / log(2)
      return sum
    }
    { at = index($0, ":"); text = substr($0, at + 1) }
    length(text) <= 4096 && entropy(text) < floor { next }
    { print substr($0, 1, at - 1), length(text), substr(text, 1, 4); exit }'
}

# A key is a header, alone on its line, and enough base64 under it; a program that only mentions the header has none.
is_pem_key() {
  read_file "$1" | tr -d '\r' | awk '
    /^[ \t]*["\047]?-----?-? ?BEGIN ([A-Za-z0-9]+ )*(PRIVATE KEY|PRIVATE KEY BLOCK|Static key V1) ?-----?/ { inside = 1; size = 0; next }
    inside && /-----?-? ?END / { if (size >= 60) { found = 1; exit } inside = 0 }
    inside { line = $0; gsub(/^[ \t"\047]+|[ \t"\047\\,+]+$/, "", line); sub(/\\n$/, "", line); if (line ~ /^[A-Za-z0-9+\/=]+$/) size += length(line) }
    END { exit !found }'
}

# Test keys that language runtimes and their libraries bring, when pip or npm brought them instead of the package manager.
is_of_tests() {
  case $1 in
    */lib/python*/test/* | */site-packages/*/test/* | */site-packages/*/tests/* | */site-packages/*/testdata/* | */dist-packages/*/test/* | \
      */dist-packages/*/tests/* | */node_modules/*/test/* | */node_modules/*/tests/* | */node_modules/*/testdata/*) return 0 ;;
  esac
  return 1
}

# The start of a DER file that holds a private key: a sequence, version 0 (or 1), and what follows in PKCS #8, PKCS #1 and SEC 1.
is_der_key() {
  case $(head -c 16 -- "$1" | od -An -tx1 | tr -d ' \n') in
    30820[1-9a-f]??020100300d* | 3082????0201000282* | 30??020100300[56]* | 308[12]*020100301[03]* | 307702010104* | 308[12]*02010104*) return 0 ;;
  esac
  return 1
}

sweep_keys() {
  xargs -0 -r grep -lZIF -e 'PRIVATE KEY' -e 'Static key V1' -e 'PuTTY-User-Key-File-' -e 'minisign encrypted secret key' <"$work/small" >"$work/keys" || true
  lines_of "$work/keys" >"$work/list"
  while IFS= read -r line; do
    decode "$line"
    case ${path#"$ROOT"} in /etc/ssh/ssh_host_*_key) continue ;; esac
    if is_of_tests "$path"; then continue; fi
    if is_pem_key "$path" || { read_file "$path" | grep -aEq '^(PuTTY-User-Key-File-[0-9]|untrusted comment: minisign encrypted secret key)'; }; then
      hit private-key "$path" 'a private key that no package brought'
    fi
  done <"$work/list"
  lines_of "$work/stores" >"$work/list"
  while IFS= read -r line; do
    decode "$line"
    case $path in
      *.[dD][eE][rR] | *.[kK][eE][yY] | *.[pP][kK]8) if is_der_key "$path"; then hit private-key "$path" 'a private key that no package brought'; fi ;;
      *.tfstate*) hit terraform-state "$path" "$(size_of "$path")" ;;
      *) if ! is_of_tests "$path"; then hit key-store "$path" "$(size_of "$path")"; fi ;;
    esac
  done <"$work/list"
}

# sweep_tokens LIST: the rules' patterns in the files of a NUL-separated list.
sweep_tokens() {
  token_rules | cut -d' ' -f3 | tr '|' '\n' | sort -u >"$work/letters"
  xargs -0 -r grep -laZiF -f "$work/letters" <"$1" >"$work/nearby" || true
  [ -s "$work/nearby" ] || return 0
  token_rules >"$work/rules"
  while read -r rule floor _ pattern; do
    case $rule in authorization-header | connection-string | aws-secret-key) any=-i ;; *) any= ;; esac
    # shellcheck disable=SC2086
    xargs -0 -r grep -laZE $any -- "$pattern" <"$work/nearby" >"$work/match" || true
    if [ ! -s "$work/match" ]; then continue; fi
    lines_of "$work/match" >"$work/list"
    while IFS= read -r line; do
      decode "$line"
      case $path in
        *.pyc) if has_source "$path"; then continue; fi ;; # its source lies beside it
      esac
      case $rule in private-key) if is_of_tests "$path"; then continue; fi ;; esac
      # shellcheck disable=SC2086
      hint=$(read_file "$path" | tr '\000' '\n' | grep -anoE $any -- "$(bounded "$rule" "$pattern")" | plausible "$floor")
      if [ -n "$hint" ]; then hit "$rule" "${2:-$path}" "$(told "$rule" "$hint")"; fi
    done <"$work/list"
  done <"$work/rules"
}

# A key id is a word of its own.
bounded() { case $1 in aws-access-key) printf '\\b%s\\b' "$2" ;; *) printf '%s' "$2" ;; esac; }

# told RULE "LINE LENGTH PREFIX": where it is, how long, and the letters that every token of its kind begins with.
told() {
  rule=$1
  # shellcheck disable=SC2086
  set -- $2
  case $rule in
    azure-* | telegram-token | password-hash | connection-string | authorization-header | private-key | aws-secret-key) printf 'line %s: %s characters' "$1" "$2" ;;
    *) printf 'line %s: %s... (%s characters)' "$1" "$3" "$2" ;;
  esac
}

has_source() {
  source=${1##*/}
  [ -e "${1%/__pycache__/*}/${source%%.*}.py" ]
}

# Where people write configuration; elsewhere such words are mostly documentation, and source code.
is_configuration() {
  case ${1#"$ROOT"} in
    */site-packages/* | */dist-packages/* | */node_modules/* | */share/doc/* | *.md | *.rst | *.html | *.c | *.h | *.pm | *.pod) return 1 ;;
    /etc/* | /root/* | /home/* | /srv/* | /opt/* | /var/www/* | /usr/local/etc/* | /usr/local/bin/* | */.env | */.env.*) return 0 ;;
    /var/log/* | /var/lib/cloud/*) return 0 ;;
  esac
  return 1
}

readonly URL='[A-Za-z][A-Za-z0-9+.-]*://[^/:@[:space:]"<>]+:[^/@[:space:]"<>]{6,}@[A-Za-z0-9]'
readonly ASSIGNMENT='(secret|token|passw(or)?d|passphrase|api_?key|access_?key|private_?key|auth_?key|credential)s?[A-Za-z0-9_-]{0,20}["'\'']?[[:space:]]*(=|:|:=|=>)[[:space:]]*["'\'']?[A-Za-z0-9+/=_.!@#%^&*-]{10,150}'

# A password in an address, and a value under a name that says what it is.
sweep_configuration() {
  xargs -0 -r grep -lZIiE -e "$URL" -e "$ASSIGNMENT" <"$1" >"$work/match" || true
  lines_of "$work/match" >"$work/list"
  while IFS= read -r line; do
    decode "$line"
    if ! is_configuration "$path"; then continue; fi
    hint=$(read_file "$path" | grep -anoE -- "$URL" | grep -Eiv '://[^:]*:([$%{<*]|x+@|pass(word|wd)?@|secret@|example)' | plausible 2.0)
    if [ -n "$hint" ]; then hit url-password "$path" "line ${hint%% *}: a password in an address"; fi
    hint=$(read_file "$path" | grep -anoiE -- "$ASSIGNMENT" | generic_values | plausible 3.5)
    if [ -n "$hint" ]; then hit generic-secret "$path" "line ${hint%% *}: a value under a name that says secret"; fi
  done <"$work/list"
}

# The values of assignments, but those that are words, paths, numbers, names of variables, calls, or digests of something public.
generic_values() {
  sed -E "s/^([0-9]+):[^=:]*(:=|=>|=|:)[[:space:]]*[\"']?/\\1:/" |
    grep -E '^[0-9]+:.*[0-9]' | grep -E '^[0-9]+:.*[A-Za-z]' |
    grep -Ev '^[0-9]+:([0-9.]+$|[/.~]|(true|false|yes|no|none|null)|[A-Za-z_]+[.][A-Za-z_.]+[0-9]?$|[A-Za-z]+([_-][A-Za-z]+)*[0-9]{0,3}$|sha(1|256|512)[:-]|arn:|https?[:/]|ssh-)'
}

sweep_contents() {
  sweep_keys
  sweep_tokens "$work/delta"
  sweep_configuration "$work/delta"
  # Of what is larger, its beginning.
  lines_of "$work/huge" | head -n 200 >"$work/hugelist"
  while IFS= read -r line; do
    decode "$line"
    large=$path
    read_file "$large" | tr -c '[:print:]\t\n' '\n' >"$work/part" || continue
    printf '%s\000' "$work/part" >"$work/parts"
    sweep_tokens "$work/parts" "$large"
    if is_pem_key "$large"; then hit private-key "$large" 'a private key that no package brought'; fi
  done <"$work/hugelist"
}

# A line of the report, without anything that has a token's shape: names of files can be made of them.
masked_lines() {
  sed -E \
    -e 's/(gh[pousr]_|github_pat_|glpat-|npm_|hf_|hvs\.|AIza|xox[a-z]-|sk-ant-|[sr]k_live_|dapi|dckr_.at_)[A-Za-z0-9_-]{16,}/\1.../g' \
    -e 's/(AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}/\1.../g' \
    -e 's/(eyJ[A-Za-z0-9_-])[A-Za-z0-9_-]{12,}\.[A-Za-z0-9_.-]+/\1.../g' \
    -e 's#(://[^/:@[:space:]]+:)[^/@[:space:]]+@#\1...@#g'
}
