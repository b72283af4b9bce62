using BakeWorker.Core.Recipes;
using Microsoft.Extensions.Time.Testing;

namespace BakeWorker.Core.Tests.Recipes;

/// <summary>A folder of recipes on disk, gone after the test.</summary>
public sealed class RecipeBox : IDisposable
{
    /// <summary>A recipe that uses most fields; tests break one thing in it.</summary>
    public const string Good = """
        name: web
        description: A web server
        owner: web-team
        platform: linux
        architecture: x86_64
        base:
          parameter: /aws/service/debian/release/12/latest/amd64
          owners: ["136693071363"]
          maxAge: 120d
        builder:
          instanceTypes: [t3.small, t3a.small]
          market: spot-then-on-demand
          rootVolume: { size: 10GiB, encrypted: true, kmsKey: alias/images }
          agent: install
        parameters:
          appVersion: { pattern: '\d+\.\d+\.\d+', default: 1.0.0 }
        steps:
          - name: patch
            phase: patch
            uses: linux/patch
            timeout: 30m
            retries: 2
            reboot: if-needed
          - name: install
            phase: install
            run: steps/install.sh
            env: { APP_VERSION: '${appVersion}' }
          - name: agent
            phase: install
            document: AWS-ConfigureAWSPackage
            with: { action: Install, name: AmazonCloudWatchAgent }
        tests:
          - { name: app, run: tests/app.sh, timeout: 90s }
        boot: { agentWithin: 5m }
        scan:
          source: both
          block: { severity: critical, max: { high: 2 }, fixableOnly: true, grace: 7d, untriaged: medium, knownExploit: true, epss: 0.5, score: 9.1, ignoreSuppressed: true, notWorse: true }
          waivers: waivers.yaml
          within: 2h
        publish:
          pointer: /images/web/current
          regions: [eu-west-1]
          share: { accounts: [111122223333] }
          kmsKeys: { eu-west-1: alias/images }
          deprecateAfter: 90d
        retain: { keep: 3, olderThan: 60d }
        schedule: { cron: '0 3 * * *', timezone: UTC, skipIfUnchanged: false, onBaseChange: false, maxAge: 14d }
        labels: { tier: app }
        tags: { cost-center: 4711 }
        """;

    public RecipeBox()
    {
        Write("steps/linux/patch.sh", "#!/bin/sh\necho patched\n");
        Write("web/steps/install.sh", "#!/bin/sh\necho \"$APP_VERSION\"\n");
        Write("web/tests/app.sh", "#!/bin/sh\ntrue\n");
        Write(
            "web/waivers.yaml",
            "- { vulnerability: CVE-2024-1, package: openssl, reason: not built in, approvedBy: ada, expires: 2030-06-30 }\n"
        );
        Write("web/recipe.yaml", Good);
        Source = new RecipeSource(Folder, new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("recipes-").FullName;
    public RecipeSource Source { get; }

    public void Write(string path, string text)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        // Replaces halves of surrogate pairs, which random edits like to make.
        File.WriteAllBytes(file, System.Text.Encoding.UTF8.GetBytes(text));
    }

    public void Write(string path, byte[] content) => File.WriteAllBytes(Path.Combine(Folder, path), content);

    /// <summary>Reads the recipe with one text in it replaced, which must be there.</summary>
    public RecipeReading ReadWith(string what, string with)
    {
        Good.Should().Contain(what, "the test means to break something that is there");
        Write("web/recipe.yaml", Good.Replace(what, with));
        return Read();
    }

    public RecipeReading Read() => Source.Find("web")!;

    /// <summary>Problems without the folder's own path in front.</summary>
    public IEnumerable<string> Shown(RecipeReading reading) => reading.Problems.Select(p => p.ToString().Replace($"{Folder}/", ""));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
