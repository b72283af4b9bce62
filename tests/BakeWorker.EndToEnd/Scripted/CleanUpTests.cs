using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>What is left of a bake that failed for good: nothing, unless it was released or is kept on purpose.</summary>
public sealed class CleanUpTests : IDisposable
{
    private const string Abroad = "us-east-1";
    private static readonly string Id = BakeId.For("debian-12-base", "test-1").Value;
    private readonly Bakery _bakery = Bakery.Open();
    private readonly LocalCloudClients _abroad;
    private readonly Planting _here;
    private readonly Planting _there;

    public CleanUpTests()
    {
        _abroad = new LocalCloudClients(_bakery.Cloud, Abroad);
        (_here, _there) = (new Planting(_bakery.Clients, _bakery.Time), new Planting(_abroad, _bakery.Time));
    }

    public void Dispose()
    {
        _abroad.Dispose();
        _bakery.Dispose();
    }

    [Fact]
    public void Failure_WithLeftoversOfEarlierAttempts_RemovesThemAll()
    {
        _bakery.Scenario.Command("*/step/harden/*").Fails();
        _bakery.Time.Run(async () =>
        {
            await _here.InstanceAsync(Tags("tester"));
            await _here.InstanceAsync(Tags("tester"));
            await _here.SnapshotAsync(Tags("image"));
            await _there.ImageAsync(Tags("copy"));
            await _there.SnapshotAsync(Tags("copy"));
        });

        Bake().Failure!.Code.Should().Be(FailureCodes.StepFailed);

        Left().Should().BeEmpty();
    }

    [Fact]
    public void Failure_NeverRemovesWhatIsNotItsOwn()
    {
        _bakery.Scenario.Command("*/step/harden/*").Fails();
        var strangers = _bakery.Time.Run<string[]>(async () =>
        {
            var other = Planting.Tags("bake-0000000000000000", "builder", _bakery.Time.GetUtcNow());
            var (image, snapshot) = await _there.ImageAsync(
                new Dictionary<string, string>(Tags("copy")) { [ResourceTags.ReleasedAt] = "2026-01-01T00:00:00Z" }
            );
            var inspectors = await _here.SnapshotAsync(new Dictionary<string, string>(Tags("image")) { ["InspectorScan"] = "" });
            return [await _here.InstanceAsync(), await _here.InstanceAsync(other), image, snapshot, inspectors];
        });

        Bake().Failure!.Code.Should().Be(FailureCodes.StepFailed);

        Left().Should().BeEquivalentTo(strangers);
    }

    [Fact]
    public void Failure_WithSomethingThatCannotBeRemoved_RemovesTheRestAndSaysSo()
    {
        _bakery.Scenario.Command("*/step/harden/*").Fails();
        var (image, snapshot) = _bakery.Time.Run(async () =>
        {
            var planted = await _there.ImageAsync(Tags("copy"));
            await _abroad.Ec2.EnableImageDeregistrationProtectionAsync(new() { ImageId = planted.Image });
            await _here.SnapshotAsync(Tags("image"));
            return planted;
        });

        Bake().Failure!.Code.Should().Be(FailureCodes.StepFailed);

        Left().Should().BeEquivalentTo(image, snapshot);
        _bakery.Log.Lines.Should().Contain(line => line.Text.Contains($"left {image} in {Abroad} behind"));
    }

    [Fact]
    public void Failure_WithAnInstanceThatMustNotBeEnded_EndsTheOthers()
    {
        _bakery.Scenario.Command("*/step/harden/*").Fails();
        var locked = _bakery.Time.Run(async () =>
        {
            await _here.InstanceAsync(Tags("tester"));
            var id = await _here.InstanceAsync(Tags("tester"));
            await _bakery.Clients.Ec2.ModifyInstanceAttributeAsync(new() { InstanceId = id, DisableApiTermination = true });
            return id;
        });

        Bake().Failure!.Code.Should().Be(FailureCodes.StepFailed);

        Left().Should().Equal(locked);
        _bakery.Log.Lines.Should().Contain(line => line.Text.Contains($"left {locked} behind"));
    }

    [Fact]
    public void Failure_AfterAPublishThatPointsSomewhere_TakesThePointerBackFirst()
    {
        _bakery.Bake();
        var image = _bakery.Time.Run(async () =>
        {
            var home = (await _bakery.Get<ICloud>().Home.Images.FindAsync(new BakeId(Id), CancellationToken.None))!.Id.Value;
            await _bakery.Clients.Ec2.DeleteTagsAsync(new([home]) { Tags = [new(ResourceTags.ReleasedAt), new(ResourceTags.Verdict)] });
            return home;
        });
        _bakery.Cloud.Inspector.Behavior.NeverFinishes = true;

        _bakery.Bake().Failure!.Code.Should().Be(FailureCodes.ScanTimedOut);

        Left().Should().BeEmpty();
        _bakery.Log.Lines.Should().Contain(line => line.Text.Contains($"took the publication of {image} back"));
        var pointer = _bakery.Time.Run(() =>
            _bakery.Get<ICloud>().Home.Pointers.FindAsync("/images/debian-12-base/current", CancellationToken.None)
        );
        pointer.Should().BeNull("there was none before");
    }

    [Fact]
    public void Failure_WithACopyThatAPointerNames_LeavesTheCopy()
    {
        _bakery.Scenario.Command("*/step/harden/*").Fails();
        var (image, snapshot) = _bakery.Time.Run(async () =>
        {
            var planted = await _there.ImageAsync(Tags("copy"));
            await _abroad.Ssm.PutParameterAsync(
                new()
                {
                    Name = "/images/debian-12-base/current",
                    Value = planted.Image,
                    Type = "String",
                    DataType = "aws:ec2:image",
                }
            );
            return planted;
        });

        Bake().Failure!.Code.Should().Be(FailureCodes.StepFailed);

        Left().Should().BeEquivalentTo(image, snapshot);
    }

    [Fact]
    public void Keep_OnFailure_LeavesTheBuilderUpAndSaysHowToGetIn()
    {
        _bakery.Scenario.Command("*/step/harden/*").Fails();

        var result = Bake(keepFor: TimeSpan.FromHours(2));

        var kept = result.Failure!.Kept!;
        kept.Until.Should().BeCloseTo(result.FinishedAt + TimeSpan.FromHours(2), TimeSpan.FromMinutes(1));
        kept.Access.Should().Be($"aws ssm start-session --region eu-west-1 --target {kept.Instance}");
        Left().Should().Equal(kept.Instance);
        _bakery.Log.Lines.Should().Contain(line => line.Text.Contains(kept.Access));
    }

    [Fact]
    public void Keep_Builder_IsNotAdoptedByTheNextBakeNorEndedByIt()
    {
        _bakery.Scenario.Command("*/step/harden/*").Fails().Once();
        var kept = Bake(keepFor: TimeSpan.FromHours(2)).Failure!.Kept!.Instance;

        var again = Bake(keepFor: TimeSpan.FromHours(2));

        again.Outcome.Should().Be(Outcome.Published, again.Failure?.Message);
        _bakery.Time.Run(_here.AllAsync).Should().Contain(kept).And.ContainSingle(id => id.StartsWith("i-"));
    }

    [Fact]
    public void Keep_OfASealedBuilder_IsPointless() =>
        Keep(bakery => bakery.Scenario.Command("*/test/sshd").Fails()).Failure!.Kept.Should().BeNull();

    [Fact]
    public void Keep_OfARecipeThatDoesNotAsk_IsNone() =>
        Bake(trouble: bakery => bakery.Scenario.Command("*/step/harden/*").Fails()).Failure!.Kept.Should().BeNull();

    private BakeResult Keep(Action<Bakery> trouble) => Bake(TimeSpan.FromHours(2), trouble);

    private BakeResult Bake(TimeSpan? keepFor = null, Action<Bakery>? trouble = null)
    {
        trouble?.Invoke(_bakery);
        var recipe = _bakery.Recipe();
        return _bakery.Bake(
            recipe with
            {
                Publish = recipe.Publish with { Regions = [Abroad] },
                Builder = recipe.Builder with { KeepFor = keepFor },
            }
        );
    }

    private Dictionary<string, string> Tags(string role) => Planting.Tags(Id, role, _bakery.Time.GetUtcNow() + TimeSpan.FromHours(6));

    private IReadOnlyList<string> Left() =>
        _bakery.Time.Run<IReadOnlyList<string>>(async () => [.. await _here.AllAsync(), .. await _there.AllAsync()]);
}
