using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Testing;

namespace BakeWorker.Aws.Tests.Resilience;

public sealed class BreakerTests : IDisposable
{
    private const string Instances = "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>";
    private readonly VirtualTime _time = new();
    private readonly Wire _wire = new();
    private readonly AwsCloud _aws;

    public BreakerTests() => _aws = AwsCloud.Create(new AwsOptions { Region = "eu-west-1" }, _time, _wire, random: () => 0.5);

    public void Dispose()
    {
        _aws.Dispose();
        _wire.Dispose();
    }

    [Fact]
    public void DeadService_IsNoLongerAsked_AndSaysUntilWhen()
    {
        Kill();
        var (sent, now) = (_wire.Sent.Count, _time.GetUtcNow());

        var failure = Scan().Should().Throw<BakeFailedException>().Which;

        failure.Kind.Should().Be(FailureKind.Transient);
        failure.Code.Should().Be(FailureCodes.AwsUnavailable);
        failure
            .Message.Should()
            .MatchRegex(
                "^inspector2:ListFindings was not sent: Inspector2 in eu-west-1 has not answered for a while and is asked again at [0-9:]+Z; .*\\.$"
            );
        _wire.Sent.Should().HaveCount(sent);
        _time.GetUtcNow().Should().Be(now, "it is answered at once");
    }

    [Fact]
    public void DeadInspector_LeavesEc2AndOtherRegionsAlone()
    {
        Kill();
        _wire.Answer(200, Instances).Answer(200, """{"findings":[]}""", "application/json");

        _time.Run(() => _aws.Home.Instances.ListAsync(AwsWorld.Ct)).Should().BeEmpty();
        _time.Run(() => _aws.In("us-east-1").Scans.ListFindingsAsync(new InstanceId("i-1"), AwsWorld.Ct)).Should().BeEmpty();
    }

    [Fact]
    public void DeadService_ComesBack_IsFoundOutByOneCall()
    {
        Kill();
        _time.Run(() => Task.Delay(TimeSpan.FromSeconds(31), _time));
        _wire.Answer(200, """{"findings":[]}""", "application/json").Answer(200, """{"findings":[]}""", "application/json");

        Scan().Should().NotThrow();
        Scan().Should().NotThrow();
    }

    [Theory]
    [InlineData(400, "ValidationException")]
    [InlineData(403, "AccessDeniedException")]
    [InlineData(429, "ThrottlingException")]
    public void Refusals_HoweverMany_NeverTripIt(int status, string code)
    {
        for (var i = 0; i < 200; i++)
        {
            Answer(status, code);
        }

        for (var i = 0; i < 4; i++)
        {
            Scan().Should().Throw<BakeFailedException>();
        }

        var sent = _wire.Sent.Count;
        Scan().Should().Throw<BakeFailedException>();
        _wire.Sent.Count.Should().BeGreaterThan(sent);
    }

    [Fact]
    public void NoCapacity_HoweverOften_NeverTripsIt()
    {
        for (var i = 0; i < 20; i++)
        {
            _wire.Answer(500, Wire.Ec2Error("InsufficientInstanceCapacity", "x"));
            FluentActions.Invoking(() => _time.Run(() => _aws.Home.Instances.ListAsync(AwsWorld.Ct))).Should().Throw<BakeFailedException>();
        }

        _wire.Answer(200, Instances);
        _time.Run(() => _aws.Home.Instances.ListAsync(AwsWorld.Ct)).Should().BeEmpty();
    }

    // All tries of a call, and the first of a second one, find nobody.
    private void Kill()
    {
        for (var i = 0; i < 200; i++)
        {
            Answer(500, "InternalServerException");
        }

        Scan().Should().Throw<BakeFailedException>();
        Scan().Should().Throw<BakeFailedException>();
        _wire.Forget();
    }

    private void Answer(int status, string code) =>
        _wire.Answer(status, """{"message":"no"}""", "application/json", ("x-amzn-errortype", code));

    private Action Scan() => () => _time.Run(() => _aws.Home.Scans.ListFindingsAsync(new InstanceId("i-1"), AwsWorld.Ct));
}
