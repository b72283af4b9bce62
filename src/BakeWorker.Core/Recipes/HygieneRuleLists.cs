namespace BakeWorker.Core.Recipes;

/// <summary>The rules by what they look at.</summary>
internal static class HygieneRuleLists
{
    /// <summary>What every instance must have for itself.</summary>
    public static readonly (string Name, string Finds)[] Identity =
    [
        ("machine-id", "a machine id in the image, or none where one should be empty"),
        ("ssh-host-key", "SSH host keys in the image"),
        ("random-seed", "a random seed or the secret of systemd's credentials in the image"),
        ("ssm-state", "registration or state of another instance's SSM agent"),
        ("bakeworker-state", "traces of the builder's steps on an instance"),
        ("release", "an /etc/bakeworker-release that names another bake"),
        ("image-state", "Windows: setup is not complete"),
        ("ec2launch", "Windows: EC2Launch did not run its once-only tasks"),
        ("failed-unit", "Windows: the SSM agent does not start at boot"),
    ];

    /// <summary>What the builder leaves behind.</summary>
    public static readonly (string Name, string Finds)[] Traces =
    [
        ("authorized-keys", "authorized_keys files"),
        ("known-hosts", "known_hosts files"),
        ("history", "histories of shells and database clients, .lesshst, .viminfo"),
        ("cloud-init-state", "state of cloud-init, user data included"),
        ("package-lists", "lists of packages of apt and dnf"),
        ("package-cache", "downloaded packages of apt"),
        ("user-cache", ".cache directories"),
        ("old-logs", "logs that are older than the boot"),
        ("temporary-files", "files in /tmp and /var/tmp that are older than the boot"),
        ("core-dump", "core dumps and crash reports"),
        ("snakeoil-key", "the ssl-cert package's key, which all instances would share"),
        ("snapd-key", "the key by which the snap store knows one machine"),
        ("rndc-key", "the key made when bind was installed"),
    ];

    /// <summary>Credentials in their places.</summary>
    public static readonly (string Name, string Finds)[] Places =
    [
        ("aws-credentials", ".aws/credentials and caches; keys in .aws/config, .boto, boto.cfg"),
        ("s3cfg", ".s3cfg, passwd-s3fs"),
        ("azure-credentials", "token caches and service principals of the Azure CLI"),
        ("gcloud-credentials", "credentials of the gcloud CLI"),
        ("cloud-cli-token", "tokens in settings of the CLIs of other clouds"),
        ("rclone-config", "passwords and tokens in rclone.conf"),
        ("kubeconfig", "kubeconfig files of people and of a control plane"),
        ("docker-auth", "registry logins in Docker's, Podman's and the kubelet's settings"),
        ("helm-login", "passwords in Helm's repositories.yaml"),
        ("ecs-auth", "registry logins of the ECS agent"),
        ("netrc", ".netrc, .authinfo"),
        ("git-credentials", "stored Git credentials, passwords in .gitconfig"),
        ("gh-token", "tokens of the GitHub and GitLab CLIs"),
        ("npmrc", "registry tokens in .npmrc and .yarnrc"),
        ("pypi-token", "passwords in .pypirc"),
        ("pip-conf", "passwords in the index URLs of pip.conf"),
        ("nuget-config", "feed passwords in NuGet.Config"),
        ("maven-settings", "server passwords in Maven's settings.xml"),
        ("gradle-properties", "passwords and tokens in gradle.properties"),
        ("package-token", "credentials of gem, cargo, Ivy, sbt and Composer"),
        ("terraform-token", "tokens of Terraform's CLI"),
        ("terraform-state", "*.tfstate files"),
        ("vault-token", "tokens of Vault, in their files or by their shape"),
        ("runner-token", "tokens of the GitLab runner"),
        ("jenkins-secret", "Jenkins's master key"),
        ("database-password", ".pgpass, .mylogin.cnf, passwords in .my.cnf and debian.cnf"),
        ("debconf-password", "answers to password questions of packages"),
        ("mail-password", "passwords of mail relays"),
        ("mount-password", "passwords in fstab and files of CIFS credentials"),
        ("password-store", "pass, 1Password and VNC stores"),
        ("gpg-private-key", "private keys of GnuPG"),
        ("ssh-private-key", "private keys in .ssh"),
        ("krb5-keytab", "/etc/krb5.keytab"),
        ("samba-secrets", "secrets.tdb of Samba"),
        ("sssd-cache", "caches and secrets of SSSD"),
        ("directory-password", "bind passwords for LDAP"),
        ("wireguard-key", "keys of WireGuard"),
        ("ipsec-secret", "shared secrets of IPsec"),
        ("ppp-secret", "chap-secrets, pap-secrets"),
        ("network-password", "passwords of networks in NetworkManager, wpa_supplicant and netplan"),
        ("letsencrypt-key", "keys of certbot"),
        ("tor-key", "keys of Tor services"),
        ("subscription-key", "keys and tokens of subscriptions (RHEL, Ubuntu Pro)"),
        ("apt-auth", "passwords for apt"),
        ("repository-password", "passwords in repositories and proxies of apt, dnf and yum"),
        ("ssm-registration", "hybrid activations of the SSM agent"),
        ("cloud-config-password", "passwords in cloud-init's settings"),
        ("environment-secret", "variables named like secrets in profiles, defaults and units"),
        ("password-hash", "accounts with a password, and password hashes elsewhere"),
    ];

    /// <summary>Secrets by their shape, wherever they are.</summary>
    public static readonly (string Name, string Finds)[] Contents =
    [
        ("private-key", "private keys: PEM, OpenSSH, PuTTY, PGP, DER, JWK, OpenVPN, minisign, also indented, escaped or in base64"),
        ("key-store", "*.p12, *.pfx, *.jks and the like, *.kdbx"),
        ("aws-access-key", "ids of AWS access keys"),
        ("aws-secret-key", "AWS secret access keys under their name"),
        ("aws-bedrock-key", "API keys of Bedrock"),
        ("github-token", "tokens of GitHub"),
        ("gitlab-token", "tokens of GitLab"),
        ("slack-token", "tokens of Slack"),
        ("slack-webhook", "webhooks of Slack"),
        ("discord-webhook", "webhooks of Discord"),
        ("telegram-token", "tokens of Telegram bots"),
        ("google-api-key", "API keys of Google"),
        ("google-oauth-secret", "client secrets of Google"),
        ("google-oauth-token", "access tokens of Google"),
        ("azure-client-secret", "client secrets of Entra ID"),
        ("azure-storage-key", "account keys of Azure storage"),
        ("azure-sas", "shared access signatures of Azure"),
        ("stripe-key", "live keys of Stripe"),
        ("npm-token", "tokens of npm"),
        ("rubygems-token", "tokens of RubyGems"),
        ("dockerhub-token", "tokens of Docker Hub"),
        ("anthropic-key", "keys of Anthropic"),
        ("openai-key", "keys of OpenAI"),
        ("huggingface-token", "tokens of Hugging Face"),
        ("digitalocean-token", "tokens of DigitalOcean"),
        ("sendgrid-key", "keys of SendGrid"),
        ("atlassian-token", "tokens of Atlassian"),
        ("databricks-token", "tokens of Databricks"),
        ("newrelic-key", "keys of New Relic"),
        ("grafana-token", "tokens of Grafana"),
        ("shopify-token", "tokens of Shopify"),
        ("linear-key", "keys of Linear"),
        ("pulumi-token", "tokens of Pulumi"),
        ("tailscale-key", "keys of Tailscale"),
        ("postman-key", "keys of Postman"),
        ("planetscale-token", "tokens of PlanetScale"),
        ("sentry-token", "tokens of Sentry"),
        ("onepassword-token", "service accounts of 1Password"),
        ("doppler-token", "tokens of Doppler"),
        ("age-key", "keys of age"),
        ("jwt", "JSON Web Tokens"),
        ("authorization-header", "Authorization headers with a value"),
        ("connection-string", "connection strings with a password"),
        ("url-password", "passwords in addresses, where people write configuration"),
        ("generic-secret", "random values under a name that says secret, where people write configuration"),
    ];

    /// <summary>What only Windows has.</summary>
    public static readonly (string Name, string Finds)[] Windows =
    [
        ("unattend-password", "Windows: passwords in answer files"),
        ("group-policy-password", "Windows: cpassword in group policies"),
        ("autologon-password", "Windows: the password of an automatic logon"),
        ("stored-credential", "Windows: credentials stored for SYSTEM"),
    ];
}
