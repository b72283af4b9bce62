# shellcheck shell=sh
# The part of the sweep that knows places: files that must not be in an image, or must not hold certain settings.
# shellcheck disable=SC2154 # sweep.sh, which loads this, sets work, h and r
# A rule and its meaning are stable: recipes allow findings by them, and docs/sweep.md lists them.

# forbidden RULE PATH...: files that must not exist with anything in them.
forbidden() {
  rule=$1
  shift
  for path in "$@"; do
    if is_file "$path"; then finding "$rule" "$path" "a file of $(size_of "$path")"; fi
  done
}

# holding RULE WHAT PATTERN PATH...: files that must not hold the pattern (extended, any case).
holding() {
  rule=$1 what=$2 pattern=$3
  shift 3
  for path in "$@"; do
    if is_file "$path" && read_file "$path" | grep -aEqi -- "$pattern"; then finding "$rule" "$path" "$what"; fi
  done
}

# A value somebody typed, and not a variable that is filled in later.
readonly VALUE='["'\'']?[^]$%{<"'\''[:space:]]'

# In a home directory, which is the working directory; h is its path.
sweep_home() {
  forbidden aws-credentials "$h"/.aws/credentials "$h"/.aws/cli/cache/* "$h"/.aws/sso/cache/* "$h"/.aws/login/cache/*
  holding aws-credentials 'a key or a way to get one' '^[[:space:]]*(aws_secret_access_key|aws_session_token|credential_process)' "$h"/.aws/config "$h"/.boto
  forbidden s3cfg "$h"/.s3cfg "$h"/.passwd-s3fs
  forbidden azure-credentials "$h"/.azure/accessTokens.json "$h"/.azure/msal_token_cache.* "$h"/.azure/service_principal_entries.*
  forbidden gcloud-credentials "$h"/.config/gcloud/credentials.db "$h"/.config/gcloud/access_tokens.db "$h"/.config/gcloud/application_default_credentials.json \
    "$h"/.config/gcloud/legacy_credentials/*/*
  holding cloud-cli-token 'a token' "(token|secret[_-]?key|access[_-]?key[_-]?secret)[\"']?[[:space:]]*[=:][[:space:]]*$VALUE" "$h"/.config/doctl/config.yaml \
    "$h"/.config/hcloud/cli.toml "$h"/.fly/config.yml "$h"/.config/scw/config.yaml "$h"/.aliyun/config.json "$h"/.databrickscfg "$h"/.pulumi/credentials.json \
    "$h"/.config/netlify/config.json
  holding rclone-config 'a password or token' "^[[:space:]]*(pass|password|token|secret_access_key|client_secret)[[:space:]]*=[[:space:]]*$VALUE" "$h"/.config/rclone/rclone.conf
  forbidden kubeconfig "$h"/.kube/config
  holding docker-auth 'a registry login' '"(auth|identitytoken|registrytoken|password)"[[:space:]]*:[[:space:]]*"[^"]' "$h"/.docker/config.json "$h"/.dockercfg "$h"/.config/containers/auth.json
  holding helm-login 'a password' "^[[:space:]-]*password:[[:space:]]*$VALUE" "$h"/.config/helm/repositories.yaml
  forbidden netrc "$h"/.netrc "$h"/_netrc "$h"/.authinfo
  forbidden git-credentials "$h"/.git-credentials "$h"/.config/git/credentials
  holding git-credentials 'a token in a URL or a header' '(://[^/@[:space:]]+:[^/@[:space:]]+@|extraheader.*authorization)' "$h"/.gitconfig "$h"/.config/git/config
  forbidden gh-token "$h"/.config/gh/hosts.yml "$h"/.config/hub "$h"/.config/glab-cli/config.yml
  holding npmrc 'a registry token' "(_authToken|_auth|_password)[[:space:]]*=[[:space:]]*$VALUE" "$h"/.npmrc
  holding npmrc 'a registry token' "(npmAuthToken|npmAuthIdent|_authToken)[\"']?[[:space:]]*:?[[:space:]]+$VALUE" "$h"/.yarnrc.yml "$h"/.yarnrc
  holding pypi-token 'a password' "^[[:space:]]*password[[:space:]]*[=:][[:space:]]*$VALUE" "$h"/.pypirc
  holding pip-conf 'a password in an index URL' '://[^/@[:space:]]+:[^/@[:space:]]+@' "$h"/.config/pip/pip.conf "$h"/.pip/pip.conf
  holding nuget-config 'a feed password' '<add[^>]*key="(ClearTextPassword|Password)"' "$h"/.nuget/NuGet/NuGet.Config "$h"/.config/NuGet/NuGet.Config
  holding maven-settings 'a server password' '<(password|passphrase)>[^$<]' "$h"/.m2/settings*.xml
  holding gradle-properties 'a password or token' "(password|token|secret)[[:space:]]*=[[:space:]]*$VALUE" "$h"/.gradle/gradle.properties
  forbidden package-token "$h"/.gem/credentials "$h"/.cargo/credentials "$h"/.cargo/credentials.toml "$h"/.local/share/gem/credentials "$h"/.ivy2/.credentials "$h"/.sbt/.credentials
  holding package-token 'a registry login' '"(http-basic|github-oauth|gitlab-token|bearer)"[[:space:]]*:[[:space:]]*\{[[:space:]]*"' "$h"/.composer/auth.json "$h"/.config/composer/auth.json
  forbidden terraform-token "$h"/.terraform.d/credentials.tfrc.json
  holding terraform-token 'a token' '^[[:space:]]*token[[:space:]]*=' "$h"/.terraformrc
  forbidden vault-token "$h"/.vault-token
  forbidden database-password "$h"/.pgpass "$h"/.mylogin.cnf
  holding database-password 'a password' "^[[:space:]]*password[[:space:]]*=[[:space:]]*$VALUE" "$h"/.my.cnf "$h"/.snowsql/config
  forbidden mount-password "$h"/.smbcredentials
  forbidden password-store "$h"/.password-store/*.gpg "$h"/.password-store/*/*.gpg "$h"/.config/op/config "$h"/.vnc/passwd
  forbidden gpg-private-key "$h"/.gnupg/private-keys-v1.d/*.key "$h"/.gnupg/secring.gpg
  for path in "$h"/.ssh/* "$h"/.ssh/.[!.]*; do
    case $path in *.pub | */known_hosts* | */authorized_keys* | */config) continue ;; esac
    holding ssh-private-key 'a private key' '^-----BEGIN [A-Z0-9 ]*PRIVATE KEY|^PuTTY-User-Key-File' "$path"
  done
  forbidden history "$h"/.bash_history "$h"/.zsh_history "$h"/.ash_history "$h"/.sh_history "$h"/.python_history "$h"/.node_repl_history \
    "$h"/.psql_history "$h"/.mysql_history "$h"/.sqlite_history "$h"/.rediscli_history "$h"/.mongosh/mongosh_repl_history "$h"/.history "$h"/.lesshst \
    "$h"/.viminfo "$h"/.local/share/fish/fish_history "$h"/.local/share/powershell/PSReadLine/ConsoleHost_history.txt
}

sweep_system() {
  r=$ROOT
  forbidden krb5-keytab "$r"/etc/krb5.keytab
  forbidden samba-secrets "$r"/etc/samba/secrets.tdb "$r"/var/lib/samba/private/secrets.tdb
  forbidden sssd-cache "$r"/var/lib/sss/db/cache_*.ldb "$r"/var/lib/sss/secrets/*
  holding directory-password 'a bind password' "^[[:space:]]*(bindpw|rootbindpw|ldap_default_authtok|proxyAgentPassword)[[:space:]=]+$VALUE" "$r"/etc/ldap.conf \
    "$r"/etc/libnss-ldap.conf "$r"/etc/pam_ldap.conf "$r"/etc/nslcd.conf "$r"/etc/sssd/sssd.conf "$r"/etc/sssd/conf.d/*
  forbidden directory-password "$r"/etc/ldap.secret "$r"/etc/pam_ldap.secret "$r"/etc/libnss-ldap.secret
  holding wireguard-key 'a private key' '^[[:space:]]*(PrivateKey|PresharedKey)[[:space:]]*=[[:space:]]*[A-Za-z0-9+/]{42}|^[A-Za-z0-9+/]{43}=$' "$r"/etc/wireguard/* "$r"/etc/systemd/network/*.netdev
  holding ipsec-secret 'a shared secret' '^[^#]*:[[:space:]]*(PSK|RSA|ECDSA|XAUTH|EAP|PKCS8)[[:space:]]' "$r"/etc/ipsec.secrets "$r"/etc/ipsec.d/*.secrets
  holding ppp-secret 'a password' '^[[:space:]]*[^#[:space:]]+[[:space:]]+[^[:space:]]+[[:space:]]+[^[:space:]]' "$r"/etc/ppp/chap-secrets "$r"/etc/ppp/pap-secrets
  holding network-password 'a network password' '^[[:space:]]*(psk|password|leap-password|wep-key[0-9])[[:space:]]*[=:][[:space:]]*[^[:space:]]' \
    "$r"/etc/NetworkManager/system-connections/* "$r"/etc/wpa_supplicant/*.conf "$r"/etc/netplan/*
  forbidden letsencrypt-key "$r"/etc/letsencrypt/archive/*/privkey*.pem "$r"/etc/letsencrypt/accounts/*/*/*/private_key.json
  forbidden subscription-key "$r"/etc/pki/consumer/key.pem "$r"/etc/pki/entitlement/*-key.pem "$r"/var/lib/ubuntu-advantage/private/*
  holding subscription-key 'a token' '^[[:space:]]*token[[:space:]]*:[[:space:]]*[^[:space:]]' "$r"/etc/ubuntu-advantage/uaclient.conf
  forbidden apt-auth "$r"/etc/apt/auth.conf
  holding apt-auth 'a password' '^[^#]*password[[:space:]]' "$r"/etc/apt/auth.conf.d/*
  holding repository-password 'a password' '(://[^/@[:space:]]+:[^/@[:space:]]+@|^[[:space:]]*(proxy_)?password[[:space:]]*=[[:space:]]*[^[:space:]])' \
    "$r"/etc/yum.repos.d/* "$r"/etc/dnf/dnf.conf "$r"/etc/yum.conf "$r"/etc/apt/apt.conf "$r"/etc/apt/apt.conf.d/* "$r"/etc/apt/sources.list "$r"/etc/apt/sources.list.d/*
  holding pip-conf 'a password in an index URL' '://[^/@[:space:]]+:[^/@[:space:]]+@' "$r"/etc/pip.conf
  holding npmrc 'a registry token' "(_authToken|_auth|_password)[[:space:]]*=[[:space:]]*$VALUE" "$r"/etc/npmrc "$r"/usr/etc/npmrc "$r"/usr/local/etc/npmrc
  holding aws-credentials 'a key' '^[[:space:]]*aws_secret_access_key' "$r"/etc/boto.cfg
  forbidden s3cfg "$r"/etc/passwd-s3fs
  holding docker-auth 'a registry login' '"(auth|identitytoken|registrytoken|password)"[[:space:]]*:[[:space:]]*"[^"]' "$r"/etc/containers/auth.json "$r"/var/lib/kubelet/config.json
  holding ecs-auth 'a registry login' '^[[:space:]]*ECS_ENGINE_AUTH_DATA[[:space:]]*=[[:space:]]*[^[:space:]]' "$r"/etc/ecs/ecs.config
  forbidden ssm-registration "$r"/etc/amazon/ssm/*registration* "$r"/var/lib/amazon/ssm/registration
  forbidden kubeconfig "$r"/etc/kubernetes/admin.conf "$r"/etc/kubernetes/super-admin.conf "$r"/etc/kubernetes/kubelet.conf \
    "$r"/etc/kubernetes/controller-manager.conf "$r"/etc/kubernetes/scheduler.conf "$r"/etc/rancher/k3s/k3s.yaml
  forbidden vault-token "$r"/etc/vault-token "$r"/etc/vault.d/*token* "$r"/etc/vault/*token*
  holding runner-token 'a token' "^[[:space:]]*token[[:space:]]*=[[:space:]]*$VALUE" "$r"/etc/gitlab-runner/config.toml
  forbidden jenkins-secret "$r"/var/lib/jenkins/secrets/master.key "$r"/var/lib/jenkins/secrets/hudson.util.Secret
  forbidden tor-key "$r"/var/lib/tor/*/hs_ed25519_secret_key "$r"/var/lib/tor/*/private_key
  # Made when the package was installed: all instances of the image would share them.
  forbidden rndc-key "$r"/etc/bind/rndc.key "$r"/etc/rndc.key
  holding database-password 'a password' "^[[:space:]]*password[[:space:]]*=[[:space:]]*$VALUE" "$r"/etc/mysql/debian.cnf "$r"/etc/my.cnf
  holding debconf-password 'an answer to a password question' '^Value:[[:space:]]*[^[:space:]]' "$r"/var/cache/debconf/passwords.dat
  holding mail-password 'a password' "^[[:space:]]*(password|AuthPass)[[:space:]=]+$VALUE" "$r"/etc/msmtprc "$r"/etc/ssmtp/ssmtp.conf
  forbidden mail-password "$r"/etc/postfix/sasl_passwd "$r"/etc/postfix/sasl_passwd.db
  holding mount-password 'a password' '^[^#]*[,[:space:]](password|passwd|pass)=[^,[:space:]]' "$r"/etc/fstab
  forbidden mount-password "$r"/etc/samba/*credentials* "$r"/etc/cifs-credentials
  holding cloud-config-password 'a password' "^[[:space:]-]*(password|passwd|plain_text_passwd|hashed_passwd)[[:space:]]*:[[:space:]]*$VALUE" "$r"/etc/cloud/cloud.cfg "$r"/etc/cloud/cloud.cfg.d/*
  # Variables whose name says what they are; an empty value, another variable or a path is no secret.
  holding environment-secret 'a variable named like a secret' \
    '(^|[[:space:]"])(export[[:space:]]+)?[A-Z0-9_]*(SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY)[A-Z0-9_]*=["'\'']?[^$/"'\''[:space:]][^"'\''[:space:]]{7,}' \
    "$r"/etc/environment "$r"/etc/profile.d/* "$r"/etc/environment.d/* "$r"/etc/default/* "$r"/etc/sysconfig/* "$r"/etc/systemd/system/*.service "$r"/etc/systemd/system/*.d/* \
    "$r"/etc/systemd/system.conf.d/*
  forbidden core-dump "$r"/var/crash/* "$r"/var/lib/systemd/coredump/*
  for path in "$r"/etc/shadow "$r"/etc/shadow-; do
    [ -r "$path" ] || continue
    # shellcheck disable=SC2016
    account=$(awk -F: '$2 == "" || $2 ~ /^\$/ { printf "%s%s", (n++ ? ", " : ""), $1 }' "$path" | tr -c '[:print:]' '?' | cut -c1-80)
    if [ -n "$account" ]; then finding password-hash "$path" "$account may log in with a password"; fi
  done
}
