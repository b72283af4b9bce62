namespace BakeWorker.Core.Tests.Scripts;

/// <summary>Private keys in every format people keep them in, and what one issuer or another gives out.</summary>
internal static class MoreSecrets
{
    public const string DerPath = "/srv/der/server.key";

    /// <summary>The head of a PKCS #8 key and some bytes: what tells it from a certificate.</summary>
    public static readonly byte[] Der =
    [
        0x30,
        0x82,
        0x04,
        0xbd,
        0x02,
        0x01,
        0x00,
        0x30,
        0x0d,
        .. Enumerable.Range(0, 200).Select(i => (byte)(i * 7)),
    ];

    public static IEnumerable<(string Rule, string Path, string Text)> Of(
        string word,
        string base64,
        string alphabet,
        string letters,
        string hex
    )
    {
        string Pem(string kind) => $"-----BEGIN {kind}-----\n{base64}\n{base64}\n-----END {kind}-----\n";
        string Shifted(int by) => string.Concat(Enumerable.Repeat(alphabet[by..] + alphabet[..by], 3));
        const string Private = "PRIVATE" + " KEY";
        var encoded = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Pem($"RSA {Private}")));
        return
        [
            ("private-key", "/srv/k/pkcs8", Pem(Private)),
            ("private-key", "/srv/k/rsa.txt", Pem($"RSA {Private}")),
            ("private-key", "/srv/k/ec", Pem($"EC {Private}")),
            ("private-key", "/srv/k/dsa", Pem($"DSA {Private}")),
            (
                "private-key",
                "/srv/k/legacy-encrypted",
                $"-----BEGIN RSA {Private}-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{hex[..32]}\n\n{base64}\n{base64}\n-----END RSA {Private}-----\n"
            ),
            ("private-key", "/srv/k/encrypted", Pem($"ENCRYPTED {Private}")),
            ("private-key", "/srv/k/any", Pem($"ANY {Private}")),
            ("private-key", "/srv/k/pgp.asc", Pem($"PGP {Private} BLOCK")),
            ("private-key", "/srv/k/crlf", Pem(Private).ReplaceLineEndings("\r\n")),
            ("private-key", "/srv/k/bundle", $"-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n{Pem(Private)}"),
            ("private-key", "/srv/k/secret.yaml", $"tls:\n  key: |\n    {Pem(Private).TrimEnd().ReplaceLineEndings("\n    ")}\n"),
            ("private-key", "/srv/k/service-account.json", $"{{\"private_key\": \"{Pem(Private).ReplaceLineEndings("\\n")}\"}}"),
            ("private-key", "/srv/k/app.env", $"TLS=\"{Pem($"EC {Private}").ReplaceLineEndings("\\n")}\"\n"),
            ("private-key", "/srv/k/kubernetes.yaml", $"data:\n  tls.key: {encoded}\n"),
            (
                "private-key",
                "/srv/k/ssh2",
                $"---- BEGIN SSH2 ENCRYPTED {Private} ----\nComment: x\n{base64}\n{base64}\n---- END SSH2 ENCRYPTED {Private} ----\n"
            ),
            (
                "private-key",
                "/srv/k/openvpn",
                $"-----BEGIN OpenVPN Static key V1-----\n{hex[..32]}\n{hex[32..64]}\n-----END OpenVPN Static key V1-----\n"
            ),
            ("private-key", "/srv/k/putty", $"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n{base64}\n"),
            ("private-key", "/srv/k/minisign", $"untrusted comment: minisign encrypted secret key\n{base64}\n"),
            ("private-key", "/srv/k/jwk.json", $"{{\"kty\":\"EC\",\"d\":\"{alphabet[..43]}\",\"crv\":\"P-256\"}}"),
            ("private-key", "/srv/k/key.xml", $"<RSAKeyValue><D>{base64}{base64}==</D></RSAKeyValue>"),
            ("private-key", DerPath, "replaced by bytes"),
            ("age-key", "/srv/k/age", $"AGE-SECRET-KEY-1{letters.ToUpperInvariant()[..58]}\n"),
            ("key-store", "/srv/k/store.jks", word),
            ("key-store", "/srv/k/passwords.kdbx", word),
            ("aws-secret-key", "/srv/t/deploy.sh", $"AWS_SECRET_ACCESS_KEY='{Shifted(3)[..40]}'\n"),
            ("aws-bedrock-key", "/srv/t/bedrock", $"ABSK{Shifted(5)[..110]}\n"),
            ("github-token", "/srv/t/github", $"github_pat_{Shifted(7)[..82]}\n"),
            ("slack-webhook", "/srv/t/slack", $"https://hooks.slack.com/services/T{letters.ToUpperInvariant()[..8]}/{Shifted(2)[..24]}\n"),
            (
                "discord-webhook",
                "/srv/t/discord",
                $"https://discord.com/api/webhooks/{hex.Where(char.IsDigit).ToArray().AsSpan(0, 18)}/{Shifted(1)[..64]}\n"
            ),
            ("telegram-token", "/srv/t/telegram", $"710592846:AA{Shifted(4)[..33]}\n"),
            ("google-oauth-secret", "/srv/t/google", $"GOCSPX-{Shifted(6)[..28]}\n"),
            ("google-oauth-token", "/srv/t/google-token", $"ya29.{Shifted(6)[..60]}\n"),
            ("azure-client-secret", "/srv/t/azure", $"{alphabet[..3]}7Q~{Shifted(8)[..32]}\n"),
            (
                "azure-storage-key",
                "/srv/t/azure-storage",
                $"DefaultEndpointsProtocol=https;AccountName=x;AccountKey={Shifted(9)[..86]}==\n"
            ),
            ("azure-sas", "/srv/t/azure-sas", $"https://x.test/?sv=2024&sig={Shifted(10)[..43]}%3D\n"),
            ("pypi-token", "/srv/t/pypi", $"pypi-AgEIcHlwaS5vcmc{Shifted(11)[..60]}\n"),
            ("rubygems-token", "/srv/t/rubygems", $"rubygems_{hex[..48]}\n"),
            ("dockerhub-token", "/srv/t/dockerhub", $"dckr_pat_{Shifted(12)[..27]}\n"),
            ("terraform-token", "/srv/t/tfc", $"{Shifted(13)[..14]}.atlasv1.{Shifted(14)[..60]}\n"),
            ("anthropic-key", "/srv/t/anthropic", $"sk-ant-api03-{Shifted(15)[..93]}AA\n"),
            ("openai-key", "/srv/t/openai", $"sk-{Shifted(16)[..20]}T3BlbkFJ{Shifted(17)[..20]}\n"),
            ("digitalocean-token", "/srv/t/digitalocean", $"dop_v1_{hex[..64]}\n"),
            ("sendgrid-key", "/srv/t/sendgrid", $"SG.{Shifted(18)[..22]}.{Shifted(19)[..43]}\n"),
            ("atlassian-token", "/srv/t/atlassian", $"ATATT3{Shifted(1)[..110]}\n"),
            ("databricks-token", "/srv/t/databricks", $"dapi{hex[..32]}\n"),
            ("newrelic-key", "/srv/t/newrelic", $"NRAK-{letters.ToUpperInvariant()[..27]}\n"),
            ("grafana-token", "/srv/t/grafana", $"glsa_{Shifted(2)[..32]}_{hex[..8]}\n"),
            ("shopify-token", "/srv/t/shopify", $"shpat_{hex[..32]}\n"),
            ("linear-key", "/srv/t/linear", $"lin_api_{Shifted(3)[..40]}\n"),
            ("pulumi-token", "/srv/t/pulumi", $"pul-{hex[..40]}\n"),
            ("tailscale-key", "/srv/t/tailscale", $"tskey-auth-{Shifted(4)[..12]}-{Shifted(5)[..24]}\n"),
            ("postman-key", "/srv/t/postman", $"PMAK-{hex[..24]}-{hex[24..58]}\n"),
            ("planetscale-token", "/srv/t/planetscale", $"pscale_tkn_{Shifted(6)[..40]}\n"),
            ("sentry-token", "/srv/t/sentry", $"sntrys_{Shifted(7)[..50]}\n"),
            ("onepassword-token", "/srv/t/onepassword", $"ops_eyJ{Shifted(8)[..100]}\n"),
            ("doppler-token", "/srv/t/doppler", $"dp.st.prd.{Shifted(9)[..44]}\n"),
            ("jwt", "/srv/t/jwt", $"eyJ{Shifted(10)[..30]}.eyJ{Shifted(11)[..40]}.{Shifted(12)[..30]}\n"),
            ("password-hash", "/srv/t/users.yaml", $"admin: $6${alphabet[..12]}${Shifted(13)[..43]}{Shifted(14)[..43]}\n"),
            ("password-hash", "/srv/t/htpasswd", $"admin:$2y$12${Shifted(15)[..53]}\n"),
            ("authorization-header", "/srv/t/fetch.sh", $"curl -H 'Authorization: Bearer {Shifted(16)[..40]}' https://x.test\n"),
            ("connection-string", "/srv/t/appsettings.json", $"\"Server=db.test;Database=x;User Id=app;Password={word};\"\n"),
            ("generic-secret", "/opt/app/.env", $"SESSION_SECRET={Shifted(17)[..40]}\n"),
            ("generic-secret", "/etc/app/settings.ini", $"db_password = {Shifted(18)[..20]}\n"),
            ("generic-secret", "/srv/app/config.json", $"{{\"apiKey\": \"{hex[..32]}\"}}\n"),
            ("rclone-config", "/root/.config/rclone/rclone.conf", $"[x]\npass = {word}\n"),
            ("cloud-cli-token", "/root/.config/hcloud/cli.toml", $"token = \"{word}\"\n"),
            ("s3cfg", "/root/.s3cfg", word),
            ("helm-login", "/root/.config/helm/repositories.yaml", $"- name: x\n  password: {word}\n"),
            ("package-token", "/root/.composer/auth.json", $"{{\"github-oauth\": {{\"github.test\": \"{word}\"}}}}"),
            ("database-password", "/etc/mysql/debian.cnf", $"[client]\npassword = {word}\n"),
            ("debconf-password", "/var/cache/debconf/passwords.dat", $"Name: x/root\nValue: {word}\n"),
            ("mail-password", "/etc/msmtprc", $"password {word}\n"),
            ("mount-password", "/etc/fstab", $"//nas.test/x /mnt cifs username=me,password={word} 0 0\n"),
            ("directory-password", "/etc/nslcd.conf", $"bindpw {word}\n"),
            (
                "cloud-config-password",
                "/etc/cloud/cloud.cfg.d/90-house.cfg",
                $"chpasswd:\n  users:\n    - name: me\n      password: {word}\n"
            ),
            ("runner-token", "/etc/gitlab-runner/config.toml", $"  token = \"{word}\"\n"),
            ("jenkins-secret", "/var/lib/jenkins/secrets/master.key", word),
            ("tor-key", "/var/lib/tor/service/hs_ed25519_secret_key", word),
            ("rndc-key", "/etc/bind/rndc.key", $"key {{ secret {word}; }};\n"),
            ("snapd-key", "/var/lib/snapd/device/private-keys-v1/aB3", Pem(Private)),
            ("snakeoil-key", "/etc/ssl/private/ssl-cert-snakeoil.key", Pem(Private)),
            ("ecs-auth", "/etc/ecs/ecs.config", $"ECS_ENGINE_AUTH_DATA={{\"x\":{{\"auth\":\"{word}\"}}}}\n"),
            ("ssm-registration", "/var/lib/amazon/ssm/registration", word),
            ("subscription-key", "/etc/pki/consumer/key.pem", Pem(Private)),
            ("letsencrypt-key", "/etc/letsencrypt/archive/web/privkey1.pem", Pem(Private)),
            ("samba-secrets", "/var/lib/samba/private/secrets.tdb", word),
            ("sssd-cache", "/var/lib/sss/db/cache_house.ldb", word),
            ("ppp-secret", "/etc/ppp/chap-secrets", $"me * {word} *\n"),
            ("core-dump", "/var/crash/app.core", word),
            ("known-hosts", "/root/.ssh/known_hosts", $"git.test ssh-ed25519 {base64}\n"),
            ("history", "/home/admin/.psql_history", $"ALTER USER me PASSWORD '{word}';\n"),
            ("history", "/root/.python_history", $"token = '{word}'\n"),
        ];
    }
}
