using BakeWorker.Core.Bakes;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Sandbox;

/// <summary>A step that leaves secrets behind, for real: the bake is rejected, says where they are, and shows none of them.</summary>
[Collection(SandboxTests.Name)]
public sealed class SandboxSecretsTests(SandboxMachine machine)
{
    // Made of pieces, so that no scanner takes this test for a leak; the script puts them together in the guest.
    private const string Tail = "9Jk2Mn5Pq8StAb3De6Gh9Jk2Mn5Pq8StAb3D";

    [Fact]
    public async Task Bake_WhoseTestFailsAfterTheRestart_KeepsWhatASandboxCanShow()
    {
        machine.Require();
        using var recipes = new RecipeFolder(recipe =>
            recipe.Replace(
                "\nscan:",
                "  - { name: second, run: tests/second.sh }\n\nboot: { reboot: true, sshd: { permitrootlogin: 'no' } }\n\nscan:"
            )
        );
        File.WriteAllText(
            Path.Combine(recipes.Path, "debian-12-base", "tests", "second.sh"),
            "#!/bin/sh\necho \"boot $BOOT, TOKEN=hunter2hunter2\"\n[ \"$BOOT\" = 1 ]\n"
        );

        await using var bake = machine.Start(
            new Dictionary<string, string>
            {
                ["BAKEWORKER__RECIPES"] = recipes.Path,
                ["BAKEWORKER__DATA"] = Path.Combine(machine.Folder, "again"),
            },
            "bake",
            "debian-12-base",
            "--guest",
            "sandbox",
            "--json"
        );

        (await bake.ExitAsync()).Should().Be(3, "{0}\n{1}", bake.Error, bake.Output);
        var result = BakeResultReader.Read(bake.Output)!;
        (result.Failure!.Code, result.Failure.Step).Should().Be((FailureCodes.TestFailed, "second"));
        result.Failure.Evidence.Should().StartWith("boot 2, TOKEN=***\n");
        result
            .Checks!.Where(check => check.Boot == 2)
            .Select(check => (check.Name, check.Result))
            .Should()
            .Equal(
                ("agent", "passed"),
                ("status-checks", "passed"),
                ("failed-units", "not-applicable"),
                ("sshd", "passed"),
                ("test sshd", "passed"),
                ("test baseline", "passed"),
                ("test hardening", "passed"),
                ("test clean", "passed"),
                ("test second", "failed")
            );
        result.Failure.Exhibits!.Select(exhibit => exhibit.Name).Should().Equal("console.log", "screen.jpg", "guest.log");
        result.Failure.Exhibits![1].Text.Should().Be("[this instance shows none]");
        result.Failure.Exhibits[2].Text.Should().Contain("no systemd runs here");
    }

    [Fact]
    public async Task Bake_WhoseStepLeavesSecrets_IsRejected_WithEvidence_AndLeavesNoImage()
    {
        machine.Require();
        using var recipes = new RecipeFolder(recipe =>
            recipe.Replace("- { name: cleanup,", "- { name: leak, phase: install, run: steps/leak.sh }\n  - { name: cleanup,")
        );
        File.WriteAllText(
            Path.Combine(recipes.Path, "debian-12-base", "steps", "leak.sh"),
            $$"""
            #!/bin/sh
            set -eu
            umask 077
            mkdir -p /opt/app "/srv/odd
            name"
            printf 'token: gh%s_{{Tail}}\n' p >/opt/app/deploy.yaml
            openssl genrsa 2048 >"/srv/odd
            name/server.key" 2>/dev/null || ssh-keygen -q -t rsa -m PEM -N '' -f "/srv/odd
            name/server.key"
            printf 'mysql -p{{Tail}}\n' >/root/.mysql_history
            echo 'nothing to see'
            """
        );
        var data = Path.Combine(machine.Folder, "leak");

        await using var bake = machine.Start(
            new Dictionary<string, string> { ["BAKEWORKER__RECIPES"] = recipes.Path, ["BAKEWORKER__DATA"] = data },
            "bake",
            "debian-12-base",
            "--guest",
            "sandbox",
            "--json"
        );

        (await bake.ExitAsync()).Should().Be(3, "{0}\n{1}", bake.Error, bake.Output);
        var failure = BakeResultReader.Read(bake.Output)!.Failure!;
        failure.Code.Should().Be(FailureCodes.HygieneFailed);
        failure
            .Evidence.Should()
            .ContainAll("github-token\t/opt/app/deploy.yaml\tline 1: ghp_...", "private-key\t/srv/odd?name/server.key\t");
        // linux/cleanup took the history.
        failure.Evidence.Should().NotContain("history");
        (bake.Output + bake.Error).Should().NotContain(Tail[..12]).And.NotContain("PRIVATE" + " KEY");
        Directory.EnumerateFiles(data, "*.tar*", SearchOption.AllDirectories).Should().BeEmpty("no image is left");
    }
}
