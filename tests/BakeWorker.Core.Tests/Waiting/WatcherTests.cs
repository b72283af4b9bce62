using System.Diagnostics;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Waiting;
using BakeWorker.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace BakeWorker.Core.Tests.Waiting;

public sealed class WatcherTests
{
    private static readonly TimeSpan Gone = TimeSpan.FromMinutes(10);
    private readonly VirtualTime _time = new();
    private readonly List<IReadOnlyCollection<string>> _reads = [];
    private readonly Dictionary<string, int> _cloud = [];
    private readonly Dictionary<string, BakeFailedException> _failed = [];
    private Func<Exception?> _trouble = () => null;

    [Fact]
    public void Wait_ManyOnOneKind_AreServedByOneReadPerTick()
    {
        var watcher = Watcher();
        for (var i = 0; i < 100; i++)
        {
            _cloud[$"i-{i}"] = 0;
        }

        _time.Run(async () =>
        {
            var waits = _cloud.Keys.Select(key => watcher.WaitAsync(key, seen => seen == 1, CancellationToken.None)).ToList();
            await Task.Delay(TimeSpan.FromSeconds(12), _time, CancellationToken.None);
            foreach (var key in _cloud.Keys)
            {
                _cloud[key] = 1;
            }

            await Task.WhenAll(waits);
        });

        _reads.Should().OnlyContain(read => read.Count == 100);
        _reads.Count.Should().BeLessThanOrEqualTo(4);
    }

    [Fact]
    public void Wait_NobodyLeft_NothingIsRead()
    {
        var watcher = Watcher();
        _cloud["i-1"] = 1;

        _time.Run(async () =>
        {
            await watcher.WaitAsync("i-1", _ => true, CancellationToken.None);
            await Task.Delay(TimeSpan.FromHours(1), _time, CancellationToken.None);
        });

        _reads.Should().ContainSingle();
    }

    [Fact]
    public void Wait_KeyTheCloudDoesNotShow_WaitsWhileOthersAreServed()
    {
        var watcher = Watcher();
        _cloud["i-1"] = 1;

        _time.Run(async () =>
        {
            var missing = watcher.WaitAsync("i-2", _ => true, CancellationToken.None);
            await watcher.WaitAsync("i-1", _ => true, CancellationToken.None);
            missing.IsCompleted.Should().BeFalse();
            _cloud["i-2"] = 7;
            (await missing).Should().Be(7);
        });
    }

    [Fact]
    public void Wait_KeyThatTheCloudNoLongerShows_EndsOnceItHasBeenGoneForLong()
    {
        var watcher = Watcher();
        _cloud["ami-1"] = 0;
        var start = _time.GetUtcNow();
        _trouble = () => _time.GetUtcNow() - start < TimeSpan.FromMinutes(1) ? Failing() : null;

        var failure = _time.Run(async () =>
        {
            var wait = watcher.WaitAsync("ami-1", seen => seen == 1, CancellationToken.None);
            await Task.Delay(TimeSpan.FromMinutes(3), _time, CancellationToken.None);
            _cloud.Remove("ami-1");
            return await FluentActions.Awaiting(() => wait).Should().ThrowAsync<BakeFailedException>();
        });

        failure.Which.Kind.Should().Be(FailureKind.Transient);
        failure.Which.Code.Should().Be(FailureCodes.ImageRemoved);
        failure.Which.Message.Should().Contain("ami-1");
        (_time.GetUtcNow() - start).Should().BeCloseTo(TimeSpan.FromMinutes(3) + Gone, TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Wait_ReadFailsForAMoment_IsServedByTheNextTick()
    {
        var watcher = Watcher();
        _cloud["i-1"] = 1;
        _trouble = () => _reads.Count == 1 ? Failing() : null;

        var seen = _time.Run(() => watcher.WaitAsync("i-1", _ => true, CancellationToken.None));

        seen.Should().Be(1);
        _reads.Should().HaveCount(2);
    }

    [Fact]
    public void Wait_ReadFailsForGood_TellsEveryWaiter()
    {
        var watcher = Watcher();
        _trouble = () => new BakeFailedException(FailureKind.Failed, FailureCodes.AwsDenied, "not allowed");

        var wait = () => _time.Run(() => watcher.WaitAsync("i-1", _ => true, CancellationToken.None));

        wait.Should().Throw<BakeFailedException>().Which.Code.Should().Be(FailureCodes.AwsDenied);
    }

    [Fact]
    public void Wait_Cancelled_EndsAndIsNoLongerRead()
    {
        var watcher = Watcher();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(7), _time);

        var wait = () => _time.Run(() => watcher.WaitAsync("i-1", _ => true, stop.Token));

        wait.Should().Throw<OperationCanceledException>();
        _time.Run(() => Task.Delay(TimeSpan.FromMinutes(1), _time, CancellationToken.None));
        _reads.Should().HaveCount(2);
    }

    [Fact]
    public void Wait_ConditionThrows_FailsOnlyThatWaiter()
    {
        var watcher = Watcher();
        _cloud["i-1"] = 1;

        _time.Run(async () =>
        {
            var broken = watcher.WaitAsync("i-1", _ => throw new InvalidDataException("odd"), CancellationToken.None);
            (await watcher.WaitAsync("i-1", _ => true, CancellationToken.None)).Should().Be(1);
            await broken.Awaiting(task => task).Should().ThrowAsync<InvalidDataException>();
        });
    }

    [Fact]
    public void Wait_InsideABakesTrace_ReadsOutsideOfIt()
    {
        var parents = new List<string?>();
        var watcher = Watcher(() => parents.Add(Activity.Current?.OperationName));
        _cloud["i-1"] = 1;
        using var bake = new Activity("bake").Start();

        _time.Run(() => watcher.WaitAsync("i-1", _ => true, CancellationToken.None));

        parents.Should().Equal([null]);
    }

    [Fact]
    public void Wait_BegunLongAgo_IsLookedAtAtOnce()
    {
        var watcher = Watcher();
        _cloud["i-1"] = 1;
        var start = _time.GetUtcNow();

        _time.Run(() => watcher.WaitAsync("i-1", new Begun("step", start - TimeSpan.FromHours(1)), _ => true, CancellationToken.None));

        _time.GetUtcNow().Should().Be(start);
    }

    [Fact]
    public void Wait_JustBegun_IsNotLookedAtBeforeATick()
    {
        var watcher = Watcher();
        _cloud["i-1"] = 1;
        var start = _time.GetUtcNow();

        _time.Run(() => watcher.WaitAsync("i-1", new Begun("step", start), _ => true, CancellationToken.None));

        (_time.GetUtcNow() - start).Should().Be(TimeSpan.FromSeconds(5));
        _reads.Should().ContainSingle();
    }

    [Fact]
    public void Wait_Learnt_IsCalmUntilItIsDue()
    {
        var watcher = Watcher();
        Bake(watcher, "i-1");
        var cold = _reads.Count;

        Bake(watcher, "i-2");

        (_reads.Count - cold).Should().BeLessThan(cold / 2);
    }

    [Fact]
    public void Wait_Woken_IsLookedAtAtOnce()
    {
        var watcher = Watcher();
        _cloud["i-1"] = 0;
        _time.Run(async () =>
        {
            var wait = watcher.WaitAsync("i-1", new Begun("step", _time.GetUtcNow()), seen => seen == 1, CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(121), _time, CancellationToken.None);
            _cloud["i-1"] = 1;
            var woken = _time.GetUtcNow();
            watcher.Wake(key => key == "i-1").Should().BeTrue();
            await wait;
            _time.GetUtcNow().Should().Be(woken);
        });
    }

    [Fact]
    public void Wake_OfWhatNobodyWaitsFor_ReadsNothing()
    {
        var watcher = Watcher();

        watcher.Wake(key => key == "i-1").Should().BeFalse();
        _time.Run(() => Task.Delay(TimeSpan.FromMinutes(1), _time, CancellationToken.None));

        _reads.Should().BeEmpty();
    }

    [Fact]
    public void Wait_OneKeyCannotBeRead_FailsOnlyItsWaiter()
    {
        var watcher = Watcher();
        _cloud["i-1"] = 1;
        _failed["bad"] = new BakeFailedException(FailureKind.Failed, FailureCodes.AwsRejected, "no such thing");

        _time.Run(async () =>
        {
            var bad = watcher.WaitAsync("bad", _ => true, CancellationToken.None);
            (await watcher.WaitAsync("i-1", _ => true, CancellationToken.None)).Should().Be(1);
            await bad.Awaiting(task => task).Should().ThrowAsync<BakeFailedException>();
        });
    }

    [Fact]
    public void Wait_ServiceStaysAway_IsSentAwayAfterAWhile_AndLaterWaitsAtOnce()
    {
        var watcher = Watcher();
        _trouble = () => new BakeFailedException(FailureKind.Transient, FailureCodes.AwsUnavailable, "nobody answers");
        var start = _time.GetUtcNow();
        var wait = () => _time.Run(() => watcher.WaitAsync("i-1", _ => true, CancellationToken.None));

        wait.Should().Throw<BakeFailedException>().Which.Kind.Should().Be(FailureKind.Transient);
        (_time.GetUtcNow() - start).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMinutes(2)).And.BeLessThan(TimeSpan.FromMinutes(3));
        var reads = _reads.Count;
        wait.Should().Throw<BakeFailedException>();
        _reads.Should().HaveCount(reads + 1);
    }

    // Something that ends after a minute and a bit.
    private void Bake(Watcher<string, int> watcher, string key)
    {
        _cloud[key] = 0;
        _time.Run(async () =>
        {
            var wait = watcher.WaitAsync(key, new Begun("step", _time.GetUtcNow()), seen => seen == 1, CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(77), _time, CancellationToken.None);
            _cloud[key] = 1;
            await wait;
        });
    }

    private static BakeFailedException Failing() => new(FailureKind.Transient, FailureCodes.AwsThrottled, "slow down");

    private Watcher<string, int> Watcher(Action? onRead = null) =>
        new(
            "things",
            (keys, _) =>
            {
                onRead?.Invoke();
                _reads.Add(keys);
                return _trouble() is { } trouble
                    ? Task.FromException<Sight<string, int>>(trouble)
                    : Task.FromResult(
                        new Sight<string, int>(_cloud.Where(pair => keys.Contains(pair.Key)).ToDictionary()) { Failed = _failed }
                    );
            },
            new Pace(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)),
            page: 100,
            TimeSpan.FromMinutes(2),
            _time,
            NullLogger.Instance
        )
        {
            Unseen = Gone,
        };
}
