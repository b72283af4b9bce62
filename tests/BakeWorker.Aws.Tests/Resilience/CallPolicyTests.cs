using System.Diagnostics.Metrics;
using BakeWorker.Aws.Errors;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Testing;

namespace BakeWorker.Aws.Tests.Resilience;

public sealed class CallPolicyTests : IDisposable
{
    private const string NoInstances = "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>";
    private readonly VirtualTime _time = new();
    private readonly Wire _wire = new();
    private readonly AwsCloud _aws;

    public CallPolicyTests() =>
        _aws = AwsCloud.Create(new AwsOptions { Region = "eu-west-1", CallRetries = 3 }, _time, _wire, random: () => 0.5);

    public void Dispose()
    {
        _aws.Dispose();
        _wire.Dispose();
    }

    [Fact]
    public void Call_ThrottledTwice_IsRepeatedAfterGrowingPauses()
    {
        _wire
            .Answer(503, Wire.Ec2Error("RequestLimitExceeded", "Request limit exceeded."))
            .Answer(503, Wire.Ec2Error("RequestLimitExceeded", "x"));
        _wire.Answer(200, NoInstances);
        var start = _time.GetUtcNow();

        _time.Run(() => _aws.Home.Instances.ListAsync(AwsWorld.Ct)).Should().BeEmpty();

        _wire.Sent.Should().HaveCount(3);
        (_time.GetUtcNow() - start).Should().BeGreaterThan(TimeSpan.FromMilliseconds(400)).And.BeLessThan(TimeSpan.FromSeconds(5));
        _wire
            .Sent.Select(sent => sent.Headers["Authorization"])
            .Should()
            .OnlyContain(header => header.Contains("eu-west-1/ec2/aws4_request"));
    }

    [Fact]
    public void Call_ThrottledForEver_IsTransientAfterItsTries()
    {
        for (var i = 0; i < 4; i++)
        {
            _wire.Answer(503, Wire.Ec2Error("RequestLimitExceeded", "Request limit exceeded."));
        }

        var list = () => _time.Run(() => _aws.Home.Instances.ListAsync(AwsWorld.Ct));

        list.Should().Throw<BakeFailedException>().Where(e => e.Kind == FailureKind.Transient && e.Code == FailureCodes.AwsThrottled);
        _wire.Sent.Should().HaveCount(4);
    }

    [Fact]
    public void Call_ThatBreaksInOurOwnCode_IsNoFailureOfAws()
    {
        // Nothing is planned: the wire itself throws what neither the SDK nor a network would.
        var list = () => _time.Run(() => _aws.Home.Instances.ListAsync(AwsWorld.Ct));

        list.Should().Throw<InvalidOperationException>();
        _wire.Sent.Should().ContainSingle();
    }

    [Fact]
    public void Call_ToldWhenToComeBack_WaitsThatLong()
    {
        _wire.Answer(
            429,
            """{"message":"slow down"}""",
            "application/json",
            ("x-amzn-errortype", "ThrottlingException"),
            ("Retry-After", "7")
        );
        _wire.Answer(200, """{"findings":[]}""", "application/json");
        var start = _time.GetUtcNow();

        _time.Run(() => _aws.Home.Scans.ListFindingsAsync(new InstanceId("i-1"), AwsWorld.Ct)).Should().BeEmpty();

        (_time.GetUtcNow() - start).Should().Be(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public void Call_BrokenOnItsWay_IsRepeated()
    {
        _wire.Break("DescribeInstances").Answer(200, NoInstances);

        _time.Run(() => _aws.Home.Instances.ListAsync(AwsWorld.Ct)).Should().BeEmpty();

        _wire.Sent.Should().HaveCount(2);
    }

    [Fact]
    public void Call_ThatHangs_IsGivenUpAndRepeated()
    {
        _wire.Hang().Answer(200, NoInstances);
        var start = _time.GetUtcNow();

        _time.Run(() => _aws.Home.Instances.ListAsync(AwsWorld.Ct)).Should().BeEmpty();

        (_time.GetUtcNow() - start).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Call_Refused_IsNotRepeated()
    {
        _wire.Answer(403, Wire.Ec2Error("UnauthorizedOperation", "You are not authorized to perform this operation."));

        var list = () => _time.Run(() => _aws.Home.Instances.ListAsync(AwsWorld.Ct));

        list.Should().Throw<BakeFailedException>().WithMessage("The worker lacks the permission ec2:DescribeInstances: *");
        _wire.Sent.Should().HaveCount(1);
    }

    [Fact]
    public void Call_WithoutCapacity_IsNotRepeatedAlthoughItIsAServerError()
    {
        _wire.Answer(200, NoInstances).Answer(500, Wire.Ec2Error("InsufficientInstanceCapacity", "We do not have enough capacity."));
        var image = new BaseImage(new ImageId("ami-1"))
        {
            Name = "x",
            OwnerId = "1",
            Architecture = default,
            State = "available",
            RootDeviceName = "/dev/xvda",
            RootDeviceType = "ebs",
        };

        var answer = _time.Run(() => _aws.Home.Instances.EnsureAsync(Sample.Bake(), Sample.Order(image, "subnet-1"), AwsWorld.Ct));

        answer.Should().Be(new LaunchAnswer(null, "InsufficientInstanceCapacity", "We do not have enough capacity."));
        _wire.Sent.Should().HaveCount(2);
    }

    [Fact]
    public void Call_Cancelled_StaysACancellation()
    {
        _wire.Hang();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(3), _time);

        var list = () => _time.Run(() => _aws.Home.Instances.ListAsync(stop.Token));

        list.Should().Throw<OperationCanceledException>();
        _wire.Sent.Should().HaveCount(1);
    }

    [Fact]
    public void Call_Throttled_IsCounted()
    {
        var seen = new List<(string Name, string? Method, string? Error)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "BakeWorker.Aws")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var values = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value?.ToString());
            lock (seen)
            {
                seen.Add((instrument.Name, values.GetValueOrDefault("rpc.method"), values.GetValueOrDefault("error.type")));
            }
        }

        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
        _wire.Answer(503, Wire.Ec2Error("RequestLimitExceeded", "x")).Answer(403, Wire.Ec2Error("Blocked", "x"));

        FluentActions.Invoking(() => _time.Run(() => _aws.Home.Images.ListAsync("a", AwsWorld.Ct))).Should().Throw<BakeFailedException>();

        seen.Should().Contain(("bakeworker.aws.throttles", "DescribeImages", null));
        seen.Should().Contain(("bakeworker.aws.retries", "DescribeImages", null));
        seen.Should().Contain(("bakeworker.aws.call.duration", "DescribeImages", "Blocked"));
    }
}
