using System.Collections.Concurrent;
using System.Diagnostics;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Tests.Telemetry;

public sealed class ActivityTracingTests : IDisposable
{
    private readonly AwsWorld _world = new();
    private readonly ActivitySource _tests = new("BakeWorker.Aws.Tests");
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;
    private readonly Activity _root;

    public ActivityTracingTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("BakeWorker.Aws", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
        _root = _tests.StartActivity("test")!;
    }

    public void Dispose()
    {
        _root.Dispose();
        _listener.Dispose();
        _tests.Dispose();
        _world.Dispose();
    }

    [Fact]
    public void Call_OfABake_IsOneClientSpanOfTheCaller() =>
        _world.Run(async () =>
        {
            await _world.LaunchAsync(Sample.Bake());

            var span = Spans().Single(span => span.OperationName == "EC2.RunInstances");
            span.Source.Name.Should().Be("BakeWorker.Aws");
            span.Kind.Should().Be(ActivityKind.Client);
            span.ParentSpanId.Should().Be(_root.SpanId);
            span.GetTagItem("rpc.system").Should().Be("aws-api");
            span.GetTagItem("rpc.service").Should().Be("EC2");
            span.GetTagItem("rpc.method").Should().Be("RunInstances");
            span.GetTagItem("aws.request_id").Should().NotBeNull();
            span.Status.Should().NotBe(ActivityStatusCode.Error);
        });

    [Fact]
    public void Call_Refused_SaysTheErrorType() =>
        _world.Run(async () =>
        {
            _world.Wire.AnswerTo("DescribeInstances", 403, Wire.Ec2Error("UnauthorizedOperation", "no"));

            var list = () => _world.Home.Instances.ListAsync(AwsWorld.Ct);

            await list.Should().ThrowAsync<BakeFailedException>();
            var span = Spans().Single();
            span.Status.Should().Be(ActivityStatusCode.Error);
            span.GetTagItem("error.type").Should().Be("UnauthorizedOperation");
        });

    [Fact]
    public void SharedReads_MakeNoSpans() =>
        _world.Run(async () =>
        {
            var id = new InstanceId("i-0123456789abcdef0");

            await _world.Home.Instances.ReadAsync([id], AwsWorld.Ct);
            await _world.Home.Instances.ReadHealthAsync([id], AwsWorld.Ct);
            await _world.Home.Agents.ReadAsync([id], AwsWorld.Ct);
            await _world.Home.Scans.ReadCoverageAsync([id], AwsWorld.Ct);

            Spans().Should().BeEmpty();
            await _world.Home.Instances.ListAsync(AwsWorld.Ct);
            Spans().Should().ContainSingle("quiet ends with the read");
        });

    private IEnumerable<Activity> Spans() => _ended.Where(span => span.TraceId == _root.TraceId && span.Source.Name == "BakeWorker.Aws");
}
