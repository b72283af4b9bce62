using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Amazon.SimpleSystemsManagement.Model;
using BakeWorker.LocalCloud.Faults;

namespace BakeWorker.LocalCloud.Tests.Faults;

public sealed class CallFaultTests : IAsyncDisposable
{
    private readonly CloudWorld _world = new();
    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private CloudFaults Faults => _world.Cloud.Faults;

    [Fact]
    public async Task Throttle_OfEachService_IsInItsOwnWords()
    {
        Faults.Plan.Calls().Always().Throttled();

        (await CodeAsync(() => _world.Clients.Ec2.DescribeInstancesAsync(Ct))).Should().Be("RequestLimitExceeded");
        (await CodeAsync(() => _world.Clients.Ssm.ListCommandsAsync(Ct))).Should().Be("ThrottlingException");
        (await CodeAsync(() => _world.Clients.Sqs.ListQueuesAsync("x", Ct))).Should().Be("RequestThrottled");
        (await CodeAsync(() => _world.Clients.Sts.GetCallerIdentityAsync(new(), Ct))).Should().Be("Throttling");
        var (status, error, _) = await _world.InspectorAsync("/coverage/list");
        (status, error).Should().Be((429, "ThrottlingException"));
    }

    [Theory]
    [InlineData(Moment.BeforeEffect, 0)]
    [InlineData(Moment.AfterEffect, 1)]
    public async Task Drop_BeforeOrAfterItsEffect_LosesTheAnswer(Moment moment, int queues)
    {
        Faults.Plan.Calls("sqs", "CreateQueue").Drops(moment);

        await FluentActions.Awaiting(() => _world.Clients.Sqs.CreateQueueAsync("q", Ct)).Should().ThrowAsync<IOException>();

        ((await _world.Clients.Sqs.ListQueuesAsync("q", Ct)).QueueUrls ?? []).Should().HaveCount(queues);
    }

    [Theory]
    [InlineData(Moment.BeforeEffect, "ParameterNotFound")]
    [InlineData(Moment.AfterEffect, null)]
    public async Task InternalError_BeforeOrAfterItsEffect_IsAnsweredEitherWay(Moment moment, string? read)
    {
        Faults.Plan.Calls("ssm", "PutParameter").Fails(moment);
        var put = new PutParameterRequest
        {
            Name = "/x",
            Value = "1",
            Type = "String",
        };

        (await CodeAsync(() => _world.Clients.Ssm.PutParameterAsync(put, Ct))).Should().Be("InternalServerError");

        (await CodeAsync(() => _world.Clients.Ssm.GetParameterAsync(new() { Name = "/x" }, Ct))).Should().Be(read);
    }

    [Theory]
    [InlineData(Moment.BeforeEffect, 0)]
    [InlineData(Moment.AfterEffect, 1)]
    public async Task Slow_BeforeOrAfterItsEffect_TakesTheCloudsTime(Moment moment, int queuesMeanwhile)
    {
        Faults.Plan.Calls("sqs", "CreateQueue").Lags(TimeSpan.FromSeconds(30), moment);

        var create = _world.Clients.Sqs.CreateQueueAsync("q", Ct);
        _world.PassSeconds(29);

        create.IsCompleted.Should().BeFalse();
        ((await _world.Clients.Sqs.ListQueuesAsync("q", Ct)).QueueUrls ?? []).Should().HaveCount(queuesMeanwhile);
        _world.PassSeconds(2);
        (await create).QueueUrl.Should().EndWith("/q");
    }

    [Fact]
    public async Task Plan_ForTheThirdCall_StrikesThatOneAlone()
    {
        Faults.Plan.Calls("ec2", "Describe*").Nth(3).Unavailable();

        var codes = new List<string?>();
        for (var call = 0; call < 5; call++)
        {
            codes.Add(await CodeAsync(() => _world.Clients.Ec2.DescribeInstancesAsync(Ct)));
            await _world.Clients.Sqs.ListQueuesAsync("q", Ct);
        }

        codes.Should().Equal(null, null, "ServiceUnavailable", null, null);
        Faults.Injected.Should().ContainSingle().Which.Subject.Should().Be("ec2:DescribeInstances");
    }

    [Fact]
    public async Task Mix_OfOneSeed_StrikesTheSameCallsAgain()
    {
        (await StruckAsync(seed: 7)).Should().Equal(await StruckAsync(seed: 7)).And.NotEqual(await StruckAsync(seed: 8));

        static async Task<List<string?>> StruckAsync(int seed)
        {
            await using var world = new CloudWorld();
            world.Cloud.Faults.Mix = new(seed, FaultRates.BadDay with { Throttled = 0.3, StaleRead = 0, Slow = 0, SlowAfterEffect = 0 });
            var codes = new List<string?>();
            for (var call = 0; call < 60; call++)
            {
                codes.Add(await CodeAsync(() => world.Clients.Ec2.DescribeInstancesAsync(Ct)));
            }

            codes.Count(code => code is not null).Should().Be(world.Cloud.Faults.Injected.Count).And.BeGreaterThan(5);
            return codes;
        }
    }

    [Fact]
    public async Task Observer_OfACallThatIsDropped_LearnsWhetherItHadItsEffect()
    {
        var seen = new Seen();
        Faults.Observer = seen;
        Faults.Plan.Calls("sqs", "CreateQueue").Drops(Moment.AfterEffect);
        Faults.Plan.Calls("sqs", "CreateQueue").Nth(2).Drops();

        for (var call = 0; call < 2; call++)
        {
            await FluentActions.Awaiting(() => _world.Clients.Sqs.CreateQueueAsync("q", Ct)).Should().ThrowAsync<IOException>();
        }

        await FluentActions.Awaiting(() => _world.Clients.Sqs.DeleteQueueAsync("https://sqs/none", Ct)).Should().ThrowAsync<Exception>();
        seen.Lines.Should()
            .Equal(
                "1 CreateQueue",
                "1 reached True, error , fault Dropped",
                "2 CreateQueue",
                "2 reached False, error , fault Dropped",
                "3 DeleteQueue",
                "3 reached True, error InvalidAddress, fault "
            );
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static async Task<string?> CodeAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (AmazonServiceException refusal)
        {
            return refusal.ErrorCode;
        }
        catch (IOException)
        {
            return "dropped";
        }
    }

    private sealed class Seen : IOperationObserver
    {
        public List<string> Lines { get; } = [];

        public void Before(Operation operation) => Lines.Add($"{operation.Number} {operation.Action}");

        public void After(Operation operation, OperationEnd end) =>
            Lines.Add($"{operation.Number} reached {end.WasReached}, error {end.ErrorCode}, fault {end.Fault?.Kind}");
    }
}
