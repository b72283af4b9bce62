using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Scripts;

public sealed class HygieneBuilderTests(PlantedSecrets planted) : IClassFixture<PlantedSecrets>
{
    public static TheoryData<string, string> Kinds()
    {
        var kinds = new TheoryData<string, string>();
        foreach (var (rule, path, _) in PlantedSecrets.All)
        {
            // Some are found where they are kept, not file by file.
            kinds.Add(
                rule,
                rule switch
                {
                    "package-lists" => "/var/lib/apt/lists",
                    "cloud-init-state" => "/var/lib/cloud/instances/i-0abc",
                    _ => path,
                }
            );
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sweep_CredentialInItsPlace_IsFoundByRuleAndPath(string rule, string path) =>
        planted.Found.Lines.Should().ContainSingle(line => line.StartsWith($"{rule}\t{path}\t", StringComparison.Ordinal));

    [Fact]
    public void Sweep_ManyCredentials_EndsWithFindings() => planted.Found.ExitCode.Should().Be(HygieneSweep.Found);

    [Fact]
    public void Sweep_ManyCredentials_PrintsNoneOfThem()
    {
        foreach (var secret in PlantedSecrets.Secrets)
        {
            planted.Found.Output.Should().NotContain(secret);
            planted.Found.Error.Should().NotContain(secret);
        }
    }

    [Fact]
    public void Sweep_ManyCredentials_SaysNothingTwiceAndNothingElse()
    {
        var found = planted.Found.Lines.Select(line => string.Join('\t', line.Split('\t')[..2])).ToList();

        found.Should().OnlyHaveUniqueItems();
        found.Skip(1).Should().HaveCount(PlantedSecrets.All.Count, string.Join('\n', found));
        planted.Found.Lines[0].Should().StartWith($"sweep\t{PlantedSecrets.All.Count} findings\t0 allowed; ");
        planted.Found.Lines.Should().OnlyContain(line => line.Split('\t').Length == 3);
    }

    [Fact]
    public void Sweep_CleanRoot_FindsNothing()
    {
        using var root = new FakeRoot();
        // Settings that look alike and are none.
        root.Write("root/.aws/config", "[default]\nregion = eu-west-1\n");
        root.Write("root/.docker/config.json", "{\"credsStore\":\"ecr-login\"}");
        root.Write("root/.npmrc", "//registry.test/:_authToken=${NPM_TOKEN}\n");
        root.Write("etc/profile.d/app.sh", "export TOKEN_FILE=/run/secrets/token\nexport API_TOKEN=$(cat /run/token)\n");
        root.Write("opt/app/lib.py", "HEADER = '-----BEGIN PRIVATE KEY-----'\nKEY = 'AKIAIOSFODNN7EXAMPLE'\n");
        root.Write("etc/app/app.conf", "url = https://user:password@example.org/\nother = https://me:${PASSWORD}@db/\n");

        var run = root.RunBuiltIn("hygiene-builder", ("SINCE", "0"));

        run.Lines.Should().ContainSingle().Which.Should().StartWith("sweep\t0 findings\t0 allowed; ");
        run.ExitCode.Should().Be(0);
    }

    [Fact]
    public void Sweep_KeyOfAPackage_IsVouchedForUntilSomebodyChangesIt()
    {
        using var root = new FakeRoot();
        var pem = PlantedSecrets.All.First(planted => planted.Rule == "private-key").Text;
        root.Write("usr/lib/app/test.key", pem);
        root.Write("var/lib/dpkg/info/app.list", "/.\n/usr/lib/app/test.key\n");
#pragma warning disable CA5351 // dpkg's own database speaks MD5
        var digest = Convert.ToHexStringLower(
            System.Security.Cryptography.MD5.HashData(File.ReadAllBytes(root.Path("usr/lib/app/test.key")))
        );
#pragma warning restore CA5351
        root.Write("var/lib/dpkg/info/app.md5sums", $"{digest}  usr/lib/app/test.key\n");

        root.RunBuiltIn("hygiene-builder", ("SINCE", "0")).ExitCode.Should().Be(0);

        root.Write("usr/lib/app/test.key", $"{pem}\n");
        root.RunBuiltIn("hygiene-builder", ("SINCE", "0")).Lines[1].Should().StartWith("private-key\t/usr/lib/app/test.key\t");
    }

    [Fact]
    public void Sweep_TokenInAFileFromBeforeTheBake_IsNotOurs()
    {
        using var root = new FakeRoot();
        root.Write("opt/vendor/sample.conf", PlantedSecrets.All.First(planted => planted.Rule == "github-token").Text);
        var later = new DateTimeOffset(File.GetLastWriteTimeUtc(root.Path("opt/vendor/sample.conf"))).ToUnixTimeSeconds() + 60;

        root.RunBuiltIn("hygiene-builder", ("SINCE", $"{later}")).ExitCode.Should().Be(0);
        root.RunBuiltIn("hygiene-builder", ("SINCE", $"{later - 120}")).ExitCode.Should().Be(20);
    }

    [Fact]
    public void Sweep_NotesForTheTester_WhenTheBakeBegan()
    {
        using var root = new FakeRoot();
        root.Write("etc/bakeworker-release", "BAKE_ID=\"bake-1\"\n");

        root.RunBuiltIn("hygiene-builder", ("SINCE", "1700000001"));
        root.RunBuiltIn("hygiene-builder", ("SINCE", "1700000002"));

        File.ReadAllText(root.Path("etc/bakeworker-release")).Should().Be("BAKE_ID=\"bake-1\"\nBAKE_BEGAN=\"1700000002\"\n");
    }

    [Fact]
    public void Sweep_MachineIdAbsent_IsAFindingBecauseItMeansAFirstBoot()
    {
        using var root = new FakeRoot();
        File.Delete(root.Path("etc/machine-id"));

        root.RunBuiltIn("hygiene-builder", ("SINCE", "0")).Lines[1].Should().StartWith("machine-id\t/etc/machine-id\t");
    }

    [Fact]
    public void Sweep_MoreFindingsThanFit_SaysHowManyAreLeftOut()
    {
        using var root = new FakeRoot();
        for (var i = 0; i < 500; i++)
        {
            root.Write($"root/.aws/cli/cache/{i}-{new string('x', 150)}.json", "{}");
        }

        var run = root.RunBuiltIn("hygiene-builder", ("SINCE", "0"));

        run.Output.Length.Should().BeLessThan(18_000, "a step shows 20,000 characters");
        run.Lines[0].Should().StartWith("sweep\t500 findings\t");
        run.Lines[^1].Should().Be($"truncated\t-\t{500 - run.Lines.Count + 2} more findings");
    }

    [Theory]
    [InlineData("ROOT", "/nonexistent/root")]
    [InlineData("SINCE", "yesterday")]
    public void Sweep_ThatCannotSearch_IsAnErrorAndNeverAPass(string name, string value)
    {
        using var root = new FakeRoot();

        var run = root.RunBuiltIn("hygiene-builder", ("SINCE", "0"), (name, value));

        run.ExitCode.Should().Be(1);
        run.Error.Should().StartWith("sweep: ");
    }

    [Theory]
    [InlineData("hygiene/builder")]
    [InlineData("hygiene/tester")]
    public void BuiltInSweep_OnItsWay_CarriesTheSharedPartInIt(string key)
    {
        var task =
            key == "hygiene/builder"
                ? BuiltInScripts.HygieneOnBuilder(Platform.Linux, new HygieneSpec(), default)
                : BuiltInScripts.HygieneOnTester(Platform.Linux, new HygieneSpec(), default, null);

        task.Key.Should().Be(key);
        task.Script.Should().Contain("sweep_secrets() {").And.Contain("sweep_contents() {").And.NotContain("$(dirname");

        using var root = new FakeRoot();
        var alone = root.Path("run/alone.sh");
        File.WriteAllText(alone, task.Script);
        root.Run(alone, ("SINCE", "0")).ExitCode.Should().Be(0);
    }
}
