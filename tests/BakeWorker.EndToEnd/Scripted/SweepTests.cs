using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Sweeping;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>The sweep between strangers, living bakes, kept builders and what dead bakes left.</summary>
public sealed class SweepTests : IDisposable
{
    private const string Abroad = "us-east-1";
    private const string Dead = "bake-00000000000000dd";
    private const string Alive = "bake-00000000000000aa";
    private const string CopySnapshot = "snapshot of the copy of a dead bake";
    private readonly Bakery _bakery = Bakery.Open(register: services => services.AddSingleton(new SweepOptions { Regions = [Abroad] }));
    private readonly LocalCloudClients _abroad;
    private readonly Planting _here;
    private readonly Planting _there;
    private string _copySnapshot = "";

    public SweepTests()
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
    public void Sweep_OfAnAccountFullOfStrangers_RemovesOnlyWhatDeadBakesLeft()
    {
        var (orphans, others) = Run(PlantAsync);

        var looked = Sweep(apply: false);
        Left().Should().BeEquivalentTo(orphans.Concat(others), "nothing was asked to be removed");
        looked.Items.Where(item => item.IsOrphan).Select(item => item.Item.Id).Should().BeEquivalentTo(Judged(orphans));
        looked.Problems.Should().BeEmpty();

        var report = Sweep(apply: true);

        report.Items.Where(item => item.IsRemoved).Select(item => item.Item.Id).Should().BeEquivalentTo(Judged(orphans));
        Left().Should().BeEquivalentTo(others);
        Sweep(apply: true).Items.Should().NotContain(item => item.IsOrphan);
    }

    [Theory]
    [InlineData("builder of a dead bake", "its bake had until")]
    [InlineData("copy of a dead bake", "its bake had until")]
    [InlineData("snapshot of a dead bake", "snapshot without an image")]
    [InlineData("builder of a living bake", "its bake may be at work until")]
    [InlineData("cancelled builder of a living bake", "cancelled at now")]
    [InlineData("straggler of a living bake", "its bake may be at work until")]
    [InlineData("young builder", "younger than")]
    [InlineData("released image", "was released")]
    [InlineData("Inspector's snapshot", "Inspector's own")]
    [InlineData("kept builder", "kept for debugging until")]
    [InlineData("builder kept too long", "it was kept until")]
    [InlineData("builder kept until whenever", "cannot be read")]
    [InlineData("builder without a deadline", "no deadline that can be read")]
    [InlineData("machine of another role", "which no bake gives")]
    [InlineData("backup of a builder", "which no bake gives")]
    [InlineData("snapshot of a released image", "goes or stays with ami-")]
    public void Sweep_GivesTheReasonOfEveryItem(string what, string reason)
    {
        var planted = Run(NamedAsync);

        Sweep(apply: false).Items.Should().ContainSingle(item => item.Item.Id == planted[what]).Which.Reason.Should().Contain(reason);
    }

    [Fact]
    public void Sweep_OfWhatCarriesNoTagOfOurs_DoesNotEvenSeeIt()
    {
        var stranger = Run(() => _here.InstanceAsync());

        Sweep(apply: true).Items.Should().BeEmpty();
        Left().Should().Equal(stranger);
    }

    [Fact]
    public void TwoSweeps_AtOnce_DoNotDisturbEachOther()
    {
        var (_, others) = Run(PlantAsync);

        var reports = Run(() => Task.WhenAll(SweepAsync(true), SweepAsync(true)));

        reports.SelectMany(report => report.Items).Should().NotContain(item => item.LeftBecause != null);
        Left().Should().BeEquivalentTo(others);
    }

    [Fact]
    public void Sweep_AllTheTimeBesideABake_NeverHarmsIt()
    {
        var result = Run(async () =>
        {
            var bake = _bakery.BakeAsync();
            while (!bake.IsCompleted)
            {
                (await SweepAsync(true)).Items.Should().NotContain(item => item.IsOrphan);
                await Task.Delay(TimeSpan.FromSeconds(20), _bakery.Time);
            }

            return await bake;
        });

        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        Run(async () =>
        {
            await Task.Delay(TimeSpan.FromDays(30), _bakery.Time);
            (await SweepAsync(true)).Items.Should().NotContain(item => item.IsOrphan);
        });
    }

    [Fact]
    public void Sweep_LongAfterAWorkerDied_RemovesWhatItLeft()
    {
        _bakery.Scenario.Command("*/test/sshd").Hangs();
        Run(async () =>
        {
            using var death = new CancellationTokenSource();
            var bake = _bakery.Get<BakeIntake>().Create(new BakeRequest { Recipe = "debian-12-base", RequestId = "x" }, _bakery.Recipe());
            var run = _bakery.Get<Core.Pipeline.BakeRunner>().RunAsync(bake, Core.Pipeline.NoObserver.Instance, true, death.Token);
            while (!_bakery.Guests.Commands.Any(command => command.Script.Comment.EndsWith("test/sshd")))
            {
                await Task.Delay(TimeSpan.FromSeconds(5), _bakery.Time);
            }

            death.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
            (await _bakery.LeftoversAsync()).Should().HaveCountGreaterThan(2);
            (await SweepAsync(true)).Items.Should().NotContain(item => item.IsRemoved);
            await Task.Delay(TimeSpan.FromHours(7), _bakery.Time);
        });

        Sweep(apply: true);

        Left().Should().BeEmpty();
    }

    [Fact]
    public void Sweep_OfARegionThatCannotBeSeen_SaysSoAndSweepsTheOthers()
    {
        _bakery.Cloud.Faults.Plan.Calls("ec2", "DescribeSnapshots").In(Abroad).Always().Fails();
        var orphan = Run(() => _here.InstanceAsync(Tags(Dead, "builder", -3)));
        Run(() => Task.Delay(TimeSpan.FromMinutes(20), _bakery.Time));

        var report = Sweep(apply: true);

        report.Problems.Should().ContainSingle().Which.Should().Contain($"{Abroad} was not looked at");
        report.Items.Should().ContainSingle(item => item.IsRemoved).Which.Item.Id.Should().Be(orphan);
    }

    [Fact]
    public void Sweep_OfAnImageThatTurnsOutReleasedInTheLastMoment_LeavesIt()
    {
        var (image, _) = Run(() => _here.ImageAsync(Tags(Dead, "image", -3)));
        Run(() => Task.Delay(TimeSpan.FromMinutes(20), _bakery.Time));
        var removal = _bakery.Get<Removal>();

        var left = Run(async () =>
        {
            (await SweepAsync(false)).Items.Should().Contain(item => item.Item.Id == image && item.IsOrphan);
            await _here.TagAsync(image, ResourceTags.ReleasedAt, "2026-11-22T03:00:00Z");
            return await removal.ImageAsync(Bakery.Region, new ImageId(image), CancellationToken.None);
        });

        left.Should().Contain("released");
        Left().Should().Contain(image);
    }

    private async Task<(List<string> Orphans, List<string> Others)> PlantAsync()
    {
        var planted = await NamedAsync();
        string[] gone = ["builder of a dead bake", "copy of a dead bake", CopySnapshot, "snapshot of a dead bake", "builder kept too long"];
        _copySnapshot = planted[CopySnapshot];
        return (
            [.. planted.Where(pair => gone.Contains(pair.Key)).Select(pair => pair.Value)],
            [.. planted.Where(pair => !gone.Contains(pair.Key)).Select(pair => pair.Value), await _here.InstanceAsync()]
        );
    }

    private async Task<Dictionary<string, string>> NamedAsync()
    {
        var (released, releasedSnapshot) = await _here.ImageAsync(
            Tags(Dead, "image", -3, (ResourceTags.ReleasedAt, "2026-01-01T00:00:00Z"))
        );
        var (copy, copySnapshot) = await _there.ImageAsync(Tags(Dead, "copy", -3));
        var all = new Dictionary<string, string>
        {
            ["released image"] = released,
            ["snapshot of a released image"] = releasedSnapshot,
            ["copy of a dead bake"] = copy,
            [CopySnapshot] = copySnapshot,
            ["builder of a dead bake"] = await _here.InstanceAsync(Tags(Dead, "builder", -3)),
            ["snapshot of a dead bake"] = await _here.SnapshotAsync(Tags(Dead, "image", -3)),
            ["backup of a builder"] = await _here.SnapshotAsync(Tags(Dead, "builder", -3)),
            ["Inspector's snapshot"] = await _here.SnapshotAsync(Tags(Dead, "image", -3, ("InspectorScan", ""))),
            ["builder of a living bake"] = await _here.InstanceAsync(Tags(Alive, "builder", 3)),
            ["cancelled builder of a living bake"] = await _here.InstanceAsync(Tags(Alive, "builder", 3, (ResourceTags.Cancel, "now"))),
            ["straggler of a living bake"] = await _here.InstanceAsync(Tags(Alive, "tester", -3)),
            ["kept builder"] = await _here.InstanceAsync(Tags(Dead, "builder", -3, (ResourceTags.KeepUntil, At(2)))),
            ["builder kept too long"] = await _here.InstanceAsync(Tags(Dead, "builder", -3, (ResourceTags.KeepUntil, At(-1)))),
            ["builder kept until whenever"] = await _here.InstanceAsync(Tags(Dead, "builder", -3, (ResourceTags.KeepUntil, "forever"))),
            ["builder without a deadline"] = await _here.InstanceAsync(Tags(Dead, "builder", -3, (ResourceTags.Deadline, "soon"))),
            ["machine of another role"] = await _here.InstanceAsync(Tags(Dead, "bastion", -3)),
        };
        await Task.Delay(TimeSpan.FromMinutes(20), _bakery.Time);
        all["young builder"] = await _here.InstanceAsync(Tags(Dead, "builder", -3));
        return all;
    }

    private Dictionary<string, string> Tags(string bake, string role, int hours, params (string Key, string Value)[] more)
    {
        var tags = Planting.Tags(bake, role, _bakery.Time.GetUtcNow() + TimeSpan.FromHours(hours));
        foreach (var (key, value) in more)
        {
            tags[key] = value;
        }

        return tags;
    }

    private string At(int hours) => ResourceTags.Time(_bakery.Time.GetUtcNow() + TimeSpan.FromHours(hours));

    private SweepReport Sweep(bool apply) => Run(() => SweepAsync(apply));

    private Task<SweepReport> SweepAsync(bool apply) => _bakery.Get<Sweep>().RunAsync(apply, CancellationToken.None);

    private T Run<T>(Func<Task<T>> work) => _bakery.Time.Run(work);

    private void Run(Func<Task> work) => _bakery.Time.Run(work);

    // The snapshot of an image goes with it, and is no orphan of its own.
    private IEnumerable<string> Judged(List<string> orphans) => orphans.Where(id => id != _copySnapshot);

    private List<string> Left() => _bakery.Time.Run<List<string>>(async () => [.. await _here.AllAsync(), .. await _there.AllAsync()]);
}
