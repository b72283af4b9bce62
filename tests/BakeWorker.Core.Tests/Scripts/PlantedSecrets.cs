namespace BakeWorker.Core.Tests.Scripts;

/// <summary>A root directory with one credential of every kind in it, and what the sweep says to that.</summary>
public sealed class PlantedSecrets : IDisposable
{
    private readonly FakeRoot root = new();

    public PlantedSecrets()
    {
        foreach (var (_, path, text) in All)
        {
            root.Write(path, text);
        }

        File.WriteAllBytes(root.Path(MoreSecrets.DerPath), MoreSecrets.Der);

        Found = root.RunBuiltIn("hygiene-builder", ("SINCE", "0"));
    }

    internal ScriptRun Found { get; }

    // Made of pieces, so that no scanner takes these tests for a leak.
    private const string Word = "s3cr3tValue42xyz";
    private static readonly string Base64 = string.Concat(Enumerable.Repeat("QmFrZVdvcmtlclRlc3RLZXlNYXRlcmlhbEFh", 2))[..64];
    private static readonly string Pem =
        $"-----BEGIN OPENSSH {"PRIVATE"} KEY-----\n{Base64}\n{Base64}\n-----END OPENSSH {"PRIVATE"} KEY-----\n";
    private static readonly string Alphabet = string.Concat(Enumerable.Repeat("Ab3De6Gh9Jk2Mn5Pq8St", 6));
    private static readonly string Hex = string.Concat(Enumerable.Repeat("7c1e9a04d85b2f63", 8));
    private static readonly string Letters = string.Concat(Enumerable.Repeat("AbDeGhJkMnPqStVwXyZa", 6));

    /// <summary>Rule, path and content.</summary>
    public static readonly IReadOnlyList<(string Rule, string Path, string Text)> All =
    [
        ("aws-credentials", "/root/.aws/credentials", $"[default]\naws_secret_access_key = {Word}\n"),
        ("aws-credentials", "/home/admin/.aws/config", $"[default]\naws_secret_access_key = {Word}\n"),
        ("azure-credentials", "/root/.azure/msal_token_cache.json", $"{{\"secret\":\"{Word}\"}}"),
        ("gcloud-credentials", "/home/admin/.config/gcloud/application_default_credentials.json", $"{{\"client_secret\":\"{Word}\"}}"),
        ("kubeconfig", "/home/admin/.kube/config", $"users: [{{token: {Word}}}]\n"),
        ("docker-auth", "/root/.docker/config.json", $"{{\"auths\":{{\"registry.test\":{{\"auth\":\"{Word}\"}}}}}}"),
        ("netrc", "/home/admin/.netrc", $"machine git.test login me password {Word}\n"),
        ("git-credentials", "/root/.git-credentials", $"https://me:{Word}@git.test\n"),
        ("git-credentials", "/home/admin/.gitconfig", $"[url \"https://me:{Word}@git.test/\"]\n"),
        ("npmrc", "/root/.npmrc", $"//registry.test/:_authToken={Word}\n"),
        ("pypi-token", "/home/admin/.pypirc", $"[pypi]\npassword = {Word}\n"),
        ("pip-conf", "/etc/pip.conf", $"[global]\nindex-url = https://me:{Word}@pypi.test/simple\n"),
        ("nuget-config", "/root/.nuget/NuGet/NuGet.Config", $"<add key=\"ClearTextPassword\" value=\"{Word}\" />\n"),
        ("maven-settings", "/root/.m2/settings.xml", $"<server><password>{Word}</password></server>\n"),
        ("gradle-properties", "/root/.gradle/gradle.properties", $"repoPassword={Word}\n"),
        ("package-token", "/root/.cargo/credentials.toml", $"token = \"{Word}\"\n"),
        ("terraform-token", "/root/.terraform.d/credentials.tfrc.json", $"{{\"token\":\"{Word}\"}}"),
        ("terraform-state", "/srv/infra/terraform.tfstate", $"{{\"password\":\"{Word}\"}}"),
        ("vault-token", "/root/.vault-token", Word),
        ("database-password", "/home/admin/.pgpass", $"db:5432:*:me:{Word}\n"),
        ("gh-token", "/root/.config/gh/hosts.yml", $"oauth_token: {Word}\n"),
        ("gpg-private-key", "/root/.gnupg/private-keys-v1.d/AB.key", Word),
        ("ssh-private-key", "/home/admin/.ssh/id_ed25519", Pem),
        ("private-key", "/opt/app/tls/server.key", Pem),
        ("key-store", "/opt/app/tls/server.p12", Word),
        ("krb5-keytab", "/etc/krb5.keytab", Word),
        ("wireguard-key", "/etc/wireguard/wg0.conf", $"[Interface]\nPrivateKey = {Base64[..43]}=\n"),
        ("ipsec-secret", "/etc/ipsec.secrets", $"10.0.0.1 : PSK \"{Word}\"\n"),
        ("network-password", "/etc/NetworkManager/system-connections/office", $"[wifi-security]\npsk={Word}\n"),
        ("apt-auth", "/etc/apt/auth.conf.d/house.conf", $"machine apt.test login me password {Word}\n"),
        ("repository-password", "/etc/apt/sources.list.d/house.list", $"deb https://me:{Word}@apt.test stable main\n"),
        ("environment-secret", "/etc/profile.d/app.sh", $"export APP_SECRET_KEY={Word}\n"),
        ("environment-secret", "/etc/systemd/system/app.service.d/env.conf", $"[Service]\nEnvironment=\"DB_PASSWORD={Word}\"\n"),
        ("password-hash", "/etc/shadow", $"root:*:1::::::\nadmin:$6${Word}:20000:0:99999:7:::\n"),
        ("history", "/root/.bash_history", $"mysql -p{Word}\n"),
        ("authorized-keys", "/home/admin/.ssh/authorized_keys", $"ssh-ed25519 {Base64} me\n"),
        ("ssh-host-key", "/etc/ssh/ssh_host_ed25519_key", Pem),
        ("cloud-init-state", "/var/lib/cloud/instances/i-0abc/user-data.txt", $"#!/bin/sh\n# {Word}\n"),
        ("package-lists", "/var/lib/apt/lists/deb.test_dists_stable_InRelease", "Origin: Test\n"),
        ("random-seed", "/var/lib/systemd/random-seed", Word),
        ("machine-id", "/etc/machine-id", "0123456789abcdef0123456789abcdef\n"),
        ("aws-access-key", "/opt/app/a.conf", $"id = AKIA{"QWERTZUIOPASDFGH"}\n"),
        ("github-token", "/opt/app/b.conf", $"token: ghp_{Alphabet[..36]}\n"),
        ("gitlab-token", "/opt/app/c.conf", $"token: glpat-{Alphabet[..20]}\n"),
        ("slack-token", "/opt/app/d.conf", $"token: xoxb-{Alphabet[..30]}\n"),
        ("google-api-key", "/opt/app/e.conf", $"key: AIza{Alphabet[..35]}\n"),
        ("stripe-key", "/opt/app/f.conf", $"key: sk_live_{Alphabet[..24]}\n"),
        ("npm-token", "/opt/app/g.conf", $"token: npm_{Alphabet[..36]}\n"),
        ("vault-token", "/opt/app/h.conf", $"token: hvs.{Alphabet[..95]}\n"),
        ("huggingface-token", "/opt/app/i.conf", $"token: hf_{Letters[..34]}\n"),
        ("url-password", "/etc/app/database.yml", $"url: postgres://me:{Word}@db.test/app\n"),
        .. MoreSecrets.Of(Word, Base64, Alphabet, Letters, Hex),
    ];

    /// <summary>What no line of the output may hold.</summary>
    public static IReadOnlyList<string> Secrets =>
        [Word, Base64[..20], Alphabet[..12], Letters[..12], Hex[..12], "QWERTZUIOP", "0123456789abcdef"];

    public void Dispose() => root.Dispose();
}
