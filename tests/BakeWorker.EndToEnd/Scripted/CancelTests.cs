using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Sweeping;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>Somebody asks to stop a bake: its owner, or its next attempt, sees it in reads that happen anyway.</summary>
public sealed class CancelTests : IDisposable
{
    private const string Abroad = "us-east-1";
    private static readonly string Id = BakeId.For("debian-12-base", "test-1").Value;
    private readonly Bakery _bakery = Bakery.Open(register: services => services.AddSingleton(new SweepOptions { Regions = [Abroad] }));

    public void Dispose() => _bakery.Dispose();

    [Theory]
    [InlineData("launch-builder")]
    [InlineData("await-agent")]
    [InlineData("apply-steps")]
    [InlineData("clean")]
    [InlineData("seal")]
    [InlineData("capture-image")]
    [InlineData("copy-image")]
    [InlineData("boot-test")]
    [InlineData("scan-image")]
    public void Cancel_InAnyStageBeforePublish_EndsTheBakeAndRemovesEverything(string stage)
    {
        _bakery.Scenario.Command("*/step/*").Takes(TimeSpan.FromMinutes(2));
        _bakery.Scenario.Command("*/test/*").Takes(TimeSpan.FromMinutes(2));

        var (result, took) = _bakery.Time.Run(async () =>
        {
            var bake = _bakery.BakeAsync(Widely());
            await UntilLoggedAsync($"{Id} {stage} started");
            await AskOnceThereIsSomethingAsync();
            var asked = _bakery.Time.GetUtcNow();
            var result = await bake;
            return (result, _bakery.Time.GetUtcNow() - asked);
        });

        result.Outcome.Should().Be(Outcome.Cancelled, result.Failure?.Message);
        result.Failure!.Code.Should().Be(FailureCodes.Cancelled);
        took.Should().BeLessThan(TimeSpan.FromMinutes(1));
        _bakery.Time.Run(LeftoversAsync).Should().BeEmpty();
    }

    [Fact]
    public void Cancel_WhileNobodyOwnsTheBake_IsSeenFirstByTheNextAttempt()
    {
        _bakery.Scenario.Command("*/step/install/*").LosesAgent().Once();
        _bakery.Time.Run(async () =>
        {
            var first = () => _bakery.BakeAsync(retry: true);
            (await first.Should().ThrowAsync<BakeFailedException>()).Which.Kind.Should().Be(FailureKind.Transient);
            await AskAsync();
        });
        var commands = _bakery.Guests.Commands.Count;

        var result = _bakery.Time.Run(() => _bakery.BakeAsync(retry: true));

        result.Outcome.Should().Be(Outcome.Cancelled);
        _bakery.Guests.Commands.Should().HaveCount(commands);
        _bakery.Time.Run(LeftoversAsync).Should().BeEmpty();
    }

    [Fact]
    public void Cancel_OfARequestThatIsSentAgain_DoesNotCancelThatOneToo()
    {
        _bakery.Scenario.Command("*/step/harden/*").Hangs().Once();
        _bakery.Time.Run(async () =>
        {
            var bake = _bakery.BakeAsync();
            while (!_bakery.Guests.Commands.Any(command => command.Script.Comment.Contains("step/harden")))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), _bakery.Time);
            }

            await AskAsync();
            (await bake).Outcome.Should().Be(Outcome.Cancelled);
        });

        _bakery.Bake().Outcome.Should().Be(Outcome.Published);
    }

    [Fact]
    public void Cancel_OncePublishingBegan_ComesTooLate()
    {
        var (result, refusal) = _bakery.Time.Run(async () =>
        {
            var bake = _bakery.BakeAsync();
            while (await FindHomeAsync() is not { MayBeSeen: true })
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), _bakery.Time);
            }

            var refusal = await Assert.ThrowsAsync<BakeFailedException>(AskAsync);
            return (await bake, refusal);
        });

        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        refusal.Kind.Should().Be(FailureKind.Invalid);
        refusal.Message.Should().Contain("too late").And.EndWith(".").And.NotContain("\n");
    }

    [Fact]
    public void LastCall_WithAMarkThatNobodySaw_StopsBeforeAnythingCanBeSeen()
    {
        var plant = new Planting(_bakery.Clients, _bakery.Time);
        var bake = _bakery.Get<BakeIntake>().Create(new BakeRequest { Recipe = "debian-12-base", RequestId = "test-1" }, _bakery.Recipe());
        using var interruption = _bakery.Get<Interruptions>().Begin(bake, CancellationToken.None);
        var run = new BakeRun(bake, NoObserver.Instance, interruption);

        var cause = _bakery.Time.Run(async () =>
        {
            var (image, _) = await plant.ImageAsync(Planting.Tags(Id, "image", bake.Deadline));
            await plant.TagAsync(await plant.InstanceAsync(Planting.Tags(Id, "builder", bake.Deadline)), ResourceTags.Cancel, "now");
            var home = (await FindHomeAsync())!;
            home.Id.Value.Should().Be(image);
            return await Assert.ThrowsAsync<BakeFailedException>(() => _bakery.Get<LastCall>().MakeAsync(run, home, interruption.Token));
        });

        cause.Code.Should().Be(FailureCodes.Cancelled);
        _bakery.Time.Run(FindHomeAsync)!.MayBeSeen.Should().BeFalse();
    }

    [Fact]
    public void Cancel_MarkedJustBeforeAPublishThatCrashed_DoesNotUndoIt()
    {
        _bakery.Bake().Outcome.Should().Be(Outcome.Published);
        _bakery.Time.Run(async () =>
        {
            var home = (await FindHomeAsync())!.Id.Value;
            await _bakery.Clients.Ec2.DeleteTagsAsync(new([home]) { Tags = [new(ResourceTags.ReleasedAt)] });
            await new Planting(_bakery.Clients, _bakery.Time).TagAsync(home, ResourceTags.Cancel, "now");
        });

        _bakery.Bake().Outcome.Should().Be(Outcome.Published);
    }

    [Fact]
    public void Cancel_OfAReleasedBake_IsRefused()
    {
        _bakery.Bake();

        Refusal().Should().Contain("is released as ami-").And.EndWith(".");
    }

    [Fact]
    public void Cancel_OfAnUnknownBake_IsRefused() =>
        Refusal().Should().Be($"no bake {Id} is known in eu-west-1; 'bakeworker status' lists those that are.");

    [Fact]
    public void Cancel_OfABakeThatEnded_IsRefused()
    {
        _bakery.Scenario.Command("*/step/harden/*").Fails();
        _bakery.Bake();

        Refusal().Should().Contain("nothing left that runs");
    }

    [Fact]
    public void Deadline_OfTheFirstLaunch_EndsTheBakeWhoeverWorksOnIt()
    {
        _bakery.Scenario.Command("*/step/install/*").Hangs();
        var begun = _bakery.Time.GetUtcNow();

        var result = _bakery.Time.Run(async () =>
        {
            using var death = new CancellationTokenSource(TimeSpan.FromHours(5), _bakery.Time);
            var bake = _bakery.Get<BakeIntake>().Create(new BakeRequest { Recipe = "debian-12-base", RequestId = "test-1" }, Long());
            var first = () => _bakery.Get<BakeRunner>().RunAsync(bake, NoObserver.Instance, true, death.Token);
            await first.Should().ThrowAsync<OperationCanceledException>();
            return await _bakery.BakeAsync(Long(), retry: true);
        });

        result.Failure!.Code.Should().Be(FailureCodes.DeadlinePassed, result.Failure.Message);
        (_bakery.Time.GetUtcNow() - begun).Should().BeCloseTo(TimeSpan.FromHours(6), TimeSpan.FromMinutes(5));
        _bakery.Time.Run(LeftoversAsync).Should().BeEmpty();
    }

    private Recipe Widely() =>
        _bakery.Recipe() is var recipe ? recipe with { Publish = recipe.Publish with { Regions = [Abroad] } } : null!;

    private Recipe Long() =>
        _bakery.Recipe() is var recipe
            ? recipe with
            {
                Steps = [.. recipe.Steps.Select(step => step with { Timeout = TimeSpan.FromHours(8) })],
            }
            : null!;

    private Task<CancelAnswer> AskAsync() => _bakery.Get<BakeCancelling>().AskAsync(Id, CancellationToken.None);

    private string Refusal() => _bakery.Time.Run(() => Assert.ThrowsAsync<BakeFailedException>(AskAsync)).Message;

    private async Task AskOnceThereIsSomethingAsync()
    {
        while (true)
        {
            try
            {
                await AskAsync();
                return;
            }
            catch (BakeFailedException refusal) when (refusal.Message.Contains("is known"))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), _bakery.Time);
            }
        }
    }

    private async Task UntilLoggedAsync(string text)
    {
        while (!_bakery.Log.Lines.Any(line => line.Text.Contains(text)))
        {
            await Task.Delay(TimeSpan.FromSeconds(1), _bakery.Time);
        }
    }

    private Task<Image?> FindHomeAsync() => _bakery.Get<ICloud>().Home.Images.FindAsync(new BakeId(Id), CancellationToken.None);

    private async Task<IReadOnlyList<string>> LeftoversAsync()
    {
        var abroad = new Planting(new LocalCloudClients(_bakery.Cloud, Abroad), _bakery.Time);
        return [.. await _bakery.LeftoversAsync(), .. await abroad.AllAsync()];
    }
}
