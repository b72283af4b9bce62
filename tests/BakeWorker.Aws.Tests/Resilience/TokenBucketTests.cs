using BakeWorker.Aws.Resilience;
using BakeWorker.Testing;

namespace BakeWorker.Aws.Tests.Resilience;

public sealed class TokenBucketTests
{
    private readonly VirtualTime _time = new();
    private readonly DateTimeOffset _start;

    public TokenBucketTests() => _start = _time.GetUtcNow();

    [Fact]
    public void Take_MoreThanThereIs_WaitsForTheRefillInTheOrderOfAsking()
    {
        var (bucket, order) = (Bucket(5, 2), new List<int>());

        _time.Run(() => Task.WhenAll(Enumerable.Range(0, 25).Select(Take)));

        order.Should().Equal(Enumerable.Range(0, 25));
        Passed().Should().BeCloseTo(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(50));

        async Task Take(int i)
        {
            await bucket.TakeAsync(AwsWorld.Ct);
            order.Add(i);
        }
    }

    [Fact]
    public void Take_NeverFasterThanTheBucketAllows()
    {
        var (bucket, taken) = (Bucket(10, 5), new List<DateTimeOffset>());

        _time.Run(() => Task.WhenAll(Enumerable.Range(0, 200).Select(_ => TakeAsync())));

        foreach (var (at, i) in taken.Select((at, i) => (at, i)))
        {
            (i + 1).Should().BeLessThanOrEqualTo((int)(10 + (5 * (at - _start).TotalSeconds) + 1e-6));
        }

        async Task TakeAsync()
        {
            await bucket.TakeAsync(AwsWorld.Ct);
            taken.Add(_time.GetUtcNow());
        }
    }

    [Fact]
    public void Take_CancelledInLine_CostsNothingAndLetsTheNextOnePass()
    {
        var bucket = Bucket(1, 1);
        using var stop = new CancellationTokenSource();

        _time.Run(async () =>
        {
            await bucket.TakeAsync(AwsWorld.Ct);
            var gone = bucket.TakeAsync(stop.Token);
            var next = bucket.TakeAsync(AwsWorld.Ct);
            await stop.CancelAsync();
            await gone.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
            await next;
        });

        Passed().Should().BeCloseTo(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public void Slow_HalvesTheRate_AndQuietBringsItBack()
    {
        var bucket = Bucket(100, 20);

        bucket.Slow();
        bucket.Slow();

        bucket.Level.Should().Be((0, 10), "the answers to one burst are one piece of news");
        _time.Run(() => Task.Delay(TimeSpan.FromSeconds(20), _time));
        bucket.Level.PerSecond.Should().BeApproximately(14, 0.1);
        _time.Run(() => Task.Delay(TimeSpan.FromMinutes(2), _time));
        bucket.Level.Should().Be((100, 20));
    }

    [Fact]
    public void Slow_AgainAndAgain_NeverStops()
    {
        var bucket = Bucket(100, 20);
        for (var second = 0; second < 60; second++)
        {
            bucket.Slow();
            _time.Run(() => Task.Delay(TimeSpan.FromSeconds(1), _time));
        }

        bucket.Level.PerSecond.Should().BeGreaterThanOrEqualTo(1);
    }

    [Theory]
    [InlineData("RunInstances=10/4", 10, 4)]
    [InlineData("CopyImage = 1 / 0.5", 1, 0.5)]
    public void Parse_SizeAndRate_IsRead(string text, double capacity, double perSecond)
    {
        var size = BucketSize.Parse(text)!;

        (size.Capacity, size.PerSecond).Should().Be((capacity, perSecond));
    }

    [Theory]
    [InlineData("")]
    [InlineData("RunInstances")]
    [InlineData("RunInstances=5")]
    [InlineData("RunInstances=0/2")]
    [InlineData("RunInstances=5/0")]
    [InlineData("RunInstances=5/-1")]
    [InlineData("RunInstances=five/2")]
    public void Parse_AnythingElse_IsRefused(string text) => BucketSize.Parse(text).Should().BeNull();

    private TokenBucket Bucket(double capacity, double perSecond) => new(new BucketSize("test", capacity, perSecond), _time);

    private TimeSpan Passed() => _time.GetUtcNow() - _start;
}
