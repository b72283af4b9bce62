using System.ComponentModel.DataAnnotations;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Testing;

namespace BakeWorker.Aws.Tests.Resilience;

public sealed class BudgetTests : IDisposable
{
    private readonly List<IDisposable> _opened = [];
    private readonly VirtualTime _time = new();
    private readonly Wire _wire = new();

    public void Dispose()
    {
        _opened.ForEach(opened => opened.Dispose());
        _wire.Dispose();
    }

    [Fact]
    public void Reads_MoreThanTheBucketHolds_GoOnAtItsRate()
    {
        var aws = Open();
        Answer(140);

        var took = Run(() => Task.WhenAll(Enumerable.Range(0, 140).Select(_ => Read(aws))));

        took.Should().BeCloseTo(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void Reads_InAnotherRegion_HaveABudgetOfTheirOwn()
    {
        var aws = Open();
        Answer(200);

        var took = Run(() =>
            Task.WhenAll(
                Enumerable.Range(0, 100).SelectMany(_ => new Task[] { Read(aws), aws.In("us-east-1").Instances.ListAsync(AwsWorld.Ct) })
            )
        );

        took.Should().BeLessThan(TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public void Share_OfAHalf_HalvesEveryBucket()
    {
        var aws = Open(options => options.BudgetShare = 0.5);
        Answer(70);

        Run(() => Task.WhenAll(Enumerable.Range(0, 70).Select(_ => Read(aws))))
            .Should()
            .BeCloseTo(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void Share_OfNothing_IsNoBudget()
    {
        var aws = Open(options => options.BudgetShare = 0);
        Answer(500);

        Run(() => Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Read(aws)))).Should().BeLessThan(TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public void Budgets_OneBucketByName_WinsOverThePublishedFigure()
    {
        var aws = Open(options => options.Budgets = ["Ec2Reads=1/1"]);
        Answer(5);

        Run(() => Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Read(aws))))
            .Should()
            .BeCloseTo(TimeSpan.FromSeconds(4), TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void Throttle_SlowsTheBucketForEveryBake()
    {
        var aws = Open();
        _wire.Answer(503, Wire.Ec2Error("RequestLimitExceeded", "Request limit exceeded."));
        Answer(50);

        var took = Run(() => Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Read(aws))));

        took.Should().BeGreaterThan(TimeSpan.FromSeconds(3), "50 calls at about 10 a second are left to make");
    }

    [Fact]
    public void Wait_ForTheBudget_DoesNotCountAgainstTheTimeLimit()
    {
        var aws = Open(options => (options.Budgets, options.CallTimeout) = (["Ec2Reads=1/0.01"], TimeSpan.FromSeconds(5)));
        Answer(2);

        Run(() => Task.WhenAll(Read(aws), Read(aws))).Should().BeCloseTo(TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Wait_ForTheBudget_EndsWithTheBake()
    {
        var aws = Open(options => options.Budgets = ["Ec2Reads=1/0.01"]);
        Answer(1);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(3), _time);

        var reads = () => Run(() => Task.WhenAll(Read(aws), aws.Home.Instances.ListAsync(stop.Token)));

        reads.Should().Throw<OperationCanceledException>();
        _wire.Sent.Should().ContainSingle();
    }

    [Theory]
    [InlineData("RunInstances=5")]
    [InlineData("RunInstance=5/2")]
    public void Budgets_BadEntry_IsRefusedWithTheNamesThereAre(string entry)
    {
        var errors = new List<ValidationResult>();
        var options = new AwsOptions { Budgets = [entry] };

        Validator.TryValidateObject(options, new ValidationContext(options), errors, validateAllProperties: true).Should().BeFalse();

        errors.Should().ContainSingle().Which.ErrorMessage.Should().Contain("Ec2Reads");
    }

    private AwsCloud Open(Action<AwsOptions>? configure = null)
    {
        var options = new AwsOptions { Region = "eu-west-1" };
        configure?.Invoke(options);
        var aws = AwsCloud.Create(options, _time, _wire, random: () => 0.5);
        _opened.Add(aws);
        return aws;
    }

    private static Task<IReadOnlyList<Instance>> Read(AwsCloud aws) => aws.Home.Instances.ListAsync(AwsWorld.Ct);

    private TimeSpan Run(Func<Task> work)
    {
        var start = _time.GetUtcNow();
        _time.Run(work);
        return _time.GetUtcNow() - start;
    }

    private void Answer(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _wire.Answer(200, "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>");
        }
    }
}
