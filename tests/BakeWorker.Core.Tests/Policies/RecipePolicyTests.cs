using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Tests.Recipes;
using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Policies;

public sealed class RecipePolicyTests : IDisposable
{
    private const string Home = "eu-central-1";
    private const string Organization = "arn:aws:organizations::111122223333:organization/o-abcdefghij";
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
    private static readonly Recipe Debian = new RecipeSource(Checkout.File("recipes"), TimeProvider.System).Require("debian-12-base");
    private readonly RecipeBox _box = new();

    public void Dispose() => _box.Dispose();

    [Theory]
    [InlineData("debian-12-base")]
    [InlineData("ubuntu-24.04-base")]
    [InlineData("amazon-linux-2023-base")]
    public void ShippedRecipe_KeepsTheDefaultPolicy(string name) =>
        Judge(new RecipeSource(Checkout.File("recipes"), TimeProvider.System).Require(name), OperatorPolicy.Default).Should().BeEmpty();

    public static TheoryData<string, Recipe, OperatorPolicy> Breaches =>
        new()
        {
            { "base.owners", Debian with { Base = Debian.Base with { Owners = ["666666666666"] } }, OperatorPolicy.Default },
            {
                "name",
                Debian,
                new OperatorPolicy { Regions = ["us-east-1"] }
            },
            {
                "publish.regions",
                Debian with
                {
                    Publish = Debian.Publish with { Regions = ["us-east-1"] },
                },
                new OperatorPolicy { Regions = [Home] }
            },
            { "publish.share.accounts", Sharing(new LaunchPermissions { Accounts = ["666666666666"] }), OperatorPolicy.Default },
            { "publish.share.organizations", Sharing(new LaunchPermissions { OrganizationArns = [Organization] }), OperatorPolicy.Default },
            {
                "publish.share.organizationalUnits",
                Sharing(
                    new LaunchPermissions
                    {
                        OrganizationalUnitArns = ["arn:aws:organizations::444455556666:ou/o-abcdefghij/ou-ab12-cdefghij"],
                    }
                ),
                new OperatorPolicy { Share = new SharePolicy { OrganizationArns = [Organization] } }
            },
            { "steps", Debian with { Steps = [.. Debian.Steps.Where(step => step.Phase != StepPhase.Patch)] }, OperatorPolicy.Default },
            { "steps", Debian with { Steps = [.. Debian.Steps.Where(step => step.Phase != StepPhase.Cleanup)] }, OperatorPolicy.Default },
            {
                "tests",
                Debian with
                {
                    Tests = [Debian.Tests[0] with { Gate = Gate.Lynis, Least = 64 }],
                },
                new OperatorPolicy { Require = new RequirePolicy { Gates = new Dictionary<Gate, int> { [Gate.Lynis] = 65 } } }
            },
            {
                "tests",
                Debian,
                new OperatorPolicy { Require = new RequirePolicy { Tests = ["penetration"] } }
            },
            {
                "tags",
                Debian,
                new OperatorPolicy { Require = new RequirePolicy { Tags = ["cost-center"] } }
            },
            { "builder.rootVolume.encrypted", Debian with { Builder = Debian.Builder with { Encrypted = false } }, OperatorPolicy.Default },
            { "publish.imdsv2", Debian with { Publish = Debian.Publish with { ImdsV2 = false } }, OperatorPolicy.Default },
            { "scan.source", Debian with { Scan = Debian.Scan with { Source = ScanSource.None } }, OperatorPolicy.Default },
            {
                "scan.source",
                Debian with
                {
                    Scan = Debian.Scan with { Source = ScanSource.Image },
                },
                new OperatorPolicy { Findings = new BlockSpec { Epss = 0.5 } }
            },
            {
                "scan.waivers",
                Waiving(Now.AddDays(31)),
                new OperatorPolicy { LongestWaiver = TimeSpan.FromDays(30) }
            },
        };

    [Theory]
    [MemberData(nameof(Breaches))]
    public void Recipe_ThatBreaksThePolicy_IsToldWhere(string path, Recipe recipe, OperatorPolicy policy) =>
        Judge(recipe, policy).Should().ContainSingle().Which.Path.Should().Be(path);

    [Fact]
    public void Recipe_WithinWhatThePolicyAllows_KeepsIt()
    {
        var policy = new OperatorPolicy
        {
            Regions = [Home, "us-east-1"],
            Share = new SharePolicy { Accounts = ["111122223333"], OrganizationArns = [Organization] },
            Require = new RequirePolicy { Tests = ["sshd"], Tags = ["team"] },
            LongestWaiver = TimeSpan.FromDays(30),
        };
        var recipe = Waiving(Now.AddDays(30)) with
        {
            Publish = Debian.Publish with
            {
                Regions = ["us-east-1"],
                Share = new LaunchPermissions { Accounts = ["111122223333"], OrganizationArns = [Organization] },
            },
            Tags = new Dictionary<string, string> { ["team"] = "platform" },
        };

        Judge(recipe, policy).Should().BeEmpty();
    }

    [Theory]
    [InlineData(Gate.Lynis, 65, true)]
    [InlineData(Gate.Lynis, 90, true)]
    [InlineData(Gate.Lynis, 64, false)]
    [InlineData(Gate.Goss, 100, false)]
    [InlineData(null, 100, false)]
    public void Gate_ThatThePolicyRequires_IsKeptByNoOtherTest_AndByNoLesserScore(Gate? gate, int least, bool isKept)
    {
        var policy = new OperatorPolicy { Require = new RequirePolicy { Gates = new Dictionary<Gate, int> { [Gate.Lynis] = 65 } } };
        var recipe = Debian with { Tests = [.. Debian.Tests, Debian.Tests[0] with { Name = "gate", Gate = gate, Least = least }] };

        var told = Judge(recipe, policy).Select(breach => breach.Message);

        told.Should()
            .Equal(isKept ? [] : ["no test is the gate lynis with least: 65 or more, which the operator's policy requires; add it."]);
    }

    [Fact]
    public void RecipeThatWasRead_IsToldTheLineOfTheField()
    {
        _box.Write("web/recipe.yaml", RecipeBox.Good);
        var line = Array.FindIndex(RecipeBox.Good.Split('\n'), text => text.Contains("share:", StringComparison.Ordinal)) + 1;

        var problems = RecipePolicy.Judge(_box.Read(), OperatorPolicy.Default, Home, Now).ToList();

        var stranger = problems
            .Should()
            .ContainSingle(problem => problem.Message.StartsWith("publish.share.accounts names '111122223333'"))
            .Which;
        stranger.Place.Line.Should().Be(line);
        stranger.File.Should().EndWith("web/recipe.yaml");
    }

    private static IReadOnlyList<PolicyBreach> Judge(Recipe recipe, OperatorPolicy policy) => RecipePolicy.Judge(recipe, policy, Home, Now);

    private static Recipe Sharing(LaunchPermissions share) => Debian with { Publish = Debian.Publish with { Share = share } };

    private static Recipe Waiving(DateTimeOffset until) =>
        Debian with
        {
            Scan = Debian.Scan with
            {
                Waivers =
                [
                    new Waiver
                    {
                        Vulnerability = "CVE-2026-1",
                        Reason = "none",
                        ApprovedBy = "me",
                        Expires = DateOnly.FromDateTime(until.UtcDateTime),
                    },
                ],
            },
        };
}
