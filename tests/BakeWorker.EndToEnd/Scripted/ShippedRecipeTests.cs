using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Planning;
using BakeWorker.Core.Recipes;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Scripted;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>Every recipe that is shipped, planned and baked as it would go on AWS: restarts, an agent that comes late, sysprep, locked releases.</summary>
public sealed class ShippedRecipeTests : IDisposable
{
    private readonly Bakery _bakery = Bakery.Open();

    public ShippedRecipeTests()
    {
        // A boot takes a while; a machine says what it checked, and each boot has an id of its own.
        _bakery.Scenario.BootDuration = TimeSpan.FromSeconds(40);
        _bakery.Scenario.Command("*/checks/1").Prints("boot\tone\ncheck\tfailed-units\tpassed\t\n");
        _bakery.Scenario.Command("*/checks/2").Prints("boot\ttwo\ncheck\tfailed-units\tpassed\t\n");
    }

    public static TheoryData<string> Recipes() =>
        [.. RecipeCatalog.Load(new RecipeSource(Checkout.File("recipes"), TimeProvider.System)).Recipes.Select(recipe => recipe.Name)];

    public void Dispose() => _bakery.Dispose();

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Recipe_Planned_FindsABaseThatItTrusts(string name)
    {
        BakeBaseOf(name);

        var plan = _bakery.Time.Run(() => _bakery.Get<BakePlanner>().PlanAsync(_bakery.Recipe(name), NoValues, CancellationToken.None));

        plan.IsRefused.Should().BeFalse();
        plan.Breaches.Should().BeEmpty();
        plan.Base.Obstacle.Should().BeNull();
        plan.Base.Refusal.Should().BeNull();
        plan.Base.Image!.Architecture.Should().Be(_bakery.Recipe(name).Architecture);
        plan.Builders.Should().NotBeEmpty();
        plan.ExpiredWaivers.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Recipe_BakedAsOnAws_IsPublished_AndItsScriptsArriveWhole(string name)
    {
        BakeBaseOf(name);
        var recipe = _bakery.Recipe(name);
        Play(recipe);
        var before = _bakery.Guests.Commands.Count;

        var result = _bakery.Bake(recipe);

        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        var sent = _bakery.Guests.Commands.Skip(before).Where(command => !command.IsRepeat).ToList();
        foreach (var step in recipe.Steps)
        {
            ShouldHaveArrived(sent, $"/step/{step.Name}/1", step.Script!, recipe);
        }

        foreach (var test in recipe.Tests)
        {
            ShouldHaveArrived(sent, $"/test/{test.Name}", test.Script, recipe);
        }
    }

    [Theory]
    [InlineData("debian-13-base")]
    [InlineData("rhel-9-base-arm64")]
    public void Base_WithoutAnAgent_GetsOneByUserData_HoweverLong(string name)
    {
        _bakery.Scenario.Guest().ForRole("builder").AgentComesAfter(TimeSpan.FromMinutes(7));

        var result = _bakery.Bake(_bakery.Recipe(name));

        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        var builder = _bakery.Guests.Guests[0];
        builder.Spec.UserData.Should().Contain("amazon-ssm-agent");
        _bakery
            .Guests.Commands.Where(command => command.InstanceId == builder.Spec.InstanceId)
            .Should()
            .OnlyContain(command => command.At - result.StartedAt > TimeSpan.FromMinutes(7));
        // What user data installed is in the image: the tester needs nobody's help.
        _bakery.Guests.Guests[1].Spec.UserData.Should().NotContain("amazon-ssm-agent");
    }

    [Fact]
    public void Windows_Updates_RestartTheMachineUntilNothingMoreIsOffered()
    {
        _bakery.Scenario.Command("*/step/patch/*").ForRole("builder").AsksForReboot(times: 4);

        _bakery.Bake(_bakery.Recipe("windows-server-2025-base")).Outcome.Should().Be(Outcome.Published);

        var builder = _bakery.Guests.Guests[0];
        builder.Boots.Should().Be(5);
        Commands("/step/patch/1").Should().HaveCount(5).And.OnlyContain(command => command.Script.IsPowerShell);
    }

    [Fact]
    public void Windows_ThatRestartsForEver_IsGivenUp()
    {
        _bakery.Scenario.Command("*/step/patch/*").AsksForReboot(times: 100);

        var result = _bakery.Bake(_bakery.Recipe("windows-server-2022-base"));

        result.Outcome.Should().Be(Outcome.Failed);
        result.Failure!.Step.Should().Be("patch");
    }

    [Fact]
    public void Windows_SealedBySysprep_IsCapturedOnlyOnceItHasStoppedItself()
    {
        // Sysprep takes its time after the command has long been reported.
        _bakery.Scenario.Command("*/seal").PowersOff(TimeSpan.FromMinutes(9));

        var result = _bakery.Bake(_bakery.Recipe("windows-server-2022-base"));

        result.Outcome.Should().Be(Outcome.Published);
        var seal = Commands("/seal").Single();
        SentScript.Of(seal.Script).Text.Should().Contain("sysprep --shutdown=true --clean=true");
        var image = _bakery.Time.Run(() => _bakery.Get<ICloud>().Home.Images.FindAsync(new BakeId(result.BakeId), CancellationToken.None))!;
        image.CreatedAt.Should().BeAfter(seal.At + TimeSpan.FromMinutes(9));
    }

    [Fact]
    public void Windows_ThatSysprepDoesNotShutDown_IsNoImage()
    {
        _bakery.Scenario.Command("*/seal").StaysOn();

        var result = _bakery.Bake(_bakery.Recipe("windows-server-2025-base"));

        result.Failure!.Code.Should().Be(FailureCodes.SealFailed);
        result.Images.Should().BeEmpty();
        _bakery.Time.Run(_bakery.LeftoversAsync).Should().BeEmpty();
    }

    [Theory]
    [InlineData("2023.9.20251117", "2023.9.20251117", Outcome.Published)]
    [InlineData("2023.9.20251117", "2023.8.20250707", Outcome.Rejected)]
    [InlineData("", "2023.8.20250707", Outcome.Published)]
    public void AmazonLinux_IsLockedToTheReleaseThatWasAskedFor(string wanted, string locked, Outcome expected)
    {
        // The machine answers as the real scripts do: what patch was told, and what the image says it is locked to.
        _bakery.Scenario.Command("*/step/patch/*").Installs(new Package("system-release", locked, "system-release", "noarch"));
        _bakery.Scenario.Command("*/test/baseline").Answers(script => Baseline(script, locked));
        var recipe = _bakery.Recipe("amazon-linux-2023-base");
        var request = new BakeRequest
        {
            Recipe = recipe.Name,
            RequestId = "locked",
            Parameters = new Dictionary<string, string> { ["release"] = wanted },
        };

        var result = _bakery.Time.Run(() => _bakery.RunAsync(_bakery.Get<BakeIntake>().Create(request, recipe)));

        result.Outcome.Should().Be(expected, result.Failure?.Message);
        SentScript.Of(Commands("/step/patch/1")[0].Script).Environment["PATCH_RELEASE"].Should().Be(wanted);
        if (expected == Outcome.Published)
        {
            var sbom = _bakery.Proofs.Documents.Single(document => document.Key.Contains("sbom"));
            System.Text.Encoding.UTF8.GetString(sbom.Value).Should().Contain($"system-release@{locked}");
        }
        else
        {
            result.Failure!.Evidence.Should().Contain("the image is locked to 2023.8.20250707");
        }
    }

    [Theory]
    [InlineData("nginx-web")]
    [InlineData("ci-runner")]
    public void Recipe_OnTopOfOurOwn_WithoutItsBase_SaysWhatIsMissing(string name)
    {
        var result = _bakery.Bake(_bakery.Recipe(name));

        result.Failure!.Code.Should().Be(FailureCodes.BaseNotFound);
        result.Failure.Message.Should().Contain("/images/debian-12-base/current");
    }

    private static readonly Dictionary<string, string> NoValues = [];

    private static GuestExit Baseline(GuestScript script, string locked)
    {
        var asked = SentScript.Of(script).Environment["PATCH_RELEASE"];
        return asked.Length == 0 || asked == locked
            ? new GuestExit(0, "", "")
            : new GuestExit(1, $"FAILED release: the image is locked to {locked}, not to {asked}\n", "");
    }

    // What each system does on the way that it would do on AWS, too.
    private void Play(Recipe recipe)
    {
        var scenario = _bakery.Scenario;
        if (recipe.Platform == Platform.Windows)
        {
            scenario.Command("*/step/patch/*").Takes(TimeSpan.FromMinutes(18)).AsksForReboot(times: 3);
            scenario.Command("*/step/harden/*").AsksForReboot();
            scenario.Command("*/seal").PowersOff(TimeSpan.FromMinutes(6));
            scenario.Guest().ForRole("tester").BootTakes(TimeSpan.FromMinutes(11));
            return;
        }

        scenario.Command("*/step/patch/*").Takes(TimeSpan.FromMinutes(4)).AsksForReboot();
        scenario.Command("*/step/harden/*").AsksForReboot();
        if (recipe.Builder.Agent == AgentSource.Install)
        {
            scenario.Guest().ForRole("builder").AgentComesAfter(TimeSpan.FromMinutes(3));
        }
    }

    private void BakeBaseOf(string name)
    {
        if (_bakery.Recipe(name).Base.MadeBy is { } below)
        {
            var result = _bakery.Bake(_bakery.Recipe(below), "the base");
            result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        }
    }

    private static void ShouldHaveArrived(IEnumerable<SeenCommand> sent, string key, string script, Recipe recipe)
    {
        var commands = sent.Where(command => command.Comment.EndsWith(key, StringComparison.Ordinal)).ToList();
        commands.Should().NotBeEmpty(key);
        commands.Should().OnlyContain(command => SentScript.Of(command.Script).Text == script, key);
        commands.Should().OnlyContain(command => command.Script.IsPowerShell == (recipe.Platform == Platform.Windows), key);
    }

    private List<SeenCommand> Commands(string key) =>
        [.. _bakery.Guests.Commands.Where(command => command.Comment.EndsWith(key, StringComparison.Ordinal))];
}
