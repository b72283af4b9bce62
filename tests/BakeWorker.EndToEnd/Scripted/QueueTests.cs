using System.Diagnostics;
using Amazon.SQS.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Telemetry;
using BakeWorker.LocalCloud.Guests.Scripted;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>From a message on the queue to a result on another, as CI systems see it.</summary>
public sealed class QueueTests
{
    private static readonly string Sandbox = BakeWorker.LocalCloud.LocalCloudDefaults.For(Bakery.Region).SandboxSubnet;

    [Fact]
    public void Request_Valid_IsPublishedAnsweredAndDeleted()
    {
        using var office = new Office();

        office.Work("""{ "recipe": "debian-12-base", "requestId": "ci-4711", "parameters": { "appVersion": "1.4.2" } }""");

        var result = office.Results().Should().ContainSingle().Subject;
        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result.RequestId.Should().Be("ci-4711");
        result.BakeId.Should().Be(BakeId.For("debian-12-base", "ci-4711").Value);
        office.Waiting("bake-requests").Should().Be(0);
    }

    [Fact]
    public void Request_DeliveredTwice_IsOneBake()
    {
        using var office = new Office();
        const string Body = """{ "recipe": "debian-12-base", "requestId": "ci-1" }""";

        office.Work(Body, Body);

        office.Results().Select(result => result.Images.Values.Single()).Should().HaveCount(2).And.OnlyContain(id => id.StartsWith("ami-"));
        office.Results().Should().BeEmpty();
        office.Bakery.Time.Run(office.Bakery.LeftoversAsync).Should().HaveCount(2);
    }

    [Theory]
    [InlineData("{ \"recipe\": ", FailureCodes.RequestMalformed)]
    [InlineData("[]", FailureCodes.RequestMalformed)]
    [InlineData("{ \"recipe\": \"debian-12-base\", \"recipient\": \"x\" }", FailureCodes.RequestUnknownField)]
    [InlineData("{ \"recipe\": \"no-such-recipe\" }", FailureCodes.RecipeUnknown)]
    [InlineData("{ \"recipe\": \"../../etc\" }", FailureCodes.RequestInvalid)]
    [InlineData("{ \"recipe\": \"debian-12-base\", \"parameters\": { \"appVersion\": \"latest\" } }", FailureCodes.ParameterInvalid)]
    [InlineData(
        "{ \"recipe\": \"debian-12-base\", \"parameters\": { \"appVersion\": \"1.0.0$(reboot)\" } }",
        FailureCodes.ParameterInvalid
    )]
    [InlineData(
        "{ \"recipe\": \"debian-12-base\", \"parameters\": { \"appVersion\": \"1.0.0\\nreboot\" } }",
        FailureCodes.ParameterInvalid
    )]
    [InlineData("{ \"recipe\": \"debian-12-base\", \"parameters\": { \"appVersion\": \"{{ssm:x}}\" } }", FailureCodes.ParameterInvalid)]
    [InlineData("{ \"recipe\": \"debian-12-base\", \"parameters\": { \"appVersion\": \"'; reboot; '\" } }", FailureCodes.ParameterInvalid)]
    [InlineData("{ \"recipe\": \"debian-12-base\", \"parameters\": { \"unheard\": \"1\" } }", FailureCodes.ParameterInvalid)]
    public void Request_Invalid_IsAnsweredBuriedAndNeverRetried(string body, string code)
    {
        using var office = new Office();

        office.Work(body);

        var result = office.Results().Should().ContainSingle().Subject;
        result.Outcome.Should().Be(Outcome.Invalid);
        result.Failure!.Code.Should().Be(code, result.Failure.Message);
        office.Waiting("bake-requests").Should().Be(0);
        office.Waiting("bake-requests-dead").Should().Be(1);
        office.Bakery.Time.Run(office.Bakery.LeftoversAsync).Should().BeEmpty();
        office.Bakery.Guests.Guests.Should().BeEmpty();
    }

    [Fact]
    public void Request_BuilderLostOnce_IsTriedAgainAndPublished()
    {
        using var office = new Office();
        office.Bakery.Scenario.Command("*/step/install/*").PowersOff(TimeSpan.Zero).Takes(TimeSpan.FromMinutes(5)).Once();

        office.Work("""{ "recipe": "debian-12-base", "requestId": "ci-2" }""");

        var result = office.Results().Should().ContainSingle().Subject;
        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result.Attempts.Should().BeGreaterThan(1);
    }

    [Fact]
    public void Request_ThatWaitedLongForAWorker_IsTriedAgainAllTheSame()
    {
        using var office = new Office();
        office.Bakery.Scenario.Command("*/step/install/*").PowersOff(TimeSpan.Zero).Takes(TimeSpan.FromMinutes(5)).Once();
        office.Run(async () =>
        {
            await office.SendAsync("""{ "recipe": "debian-12-base", "requestId": "ci-2" }""");
            await office.PassAsync(TimeSpan.FromHours(9));
        });

        office.Work();

        var result = office.Results().Should().ContainSingle().Subject;
        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result.Attempts.Should().Be(2);
    }

    [Fact]
    public void Request_ThatCannotBeAnswered_EndsInTheDeadLetterQueue()
    {
        using var office = new Office();
        office.Run(async () =>
        {
            var sqs = office.Bakery.Clients.Sqs;
            await sqs.DeleteQueueAsync((await sqs.GetQueueUrlAsync("bake-results")).QueueUrl);
        });

        office.Work("""{ "recipe": "debian-12-base", "requestId": "ci-2", "dryRun": true }""");

        office.Waiting("bake-requests").Should().Be(0);
        office.Waiting("bake-requests-dead").Should().Be(1);
    }

    [Theory]
    [InlineData("Server.InternalError")]
    [InlineData("Server.SpotInstanceTermination")]
    public void Request_TesterThatAwsEndsAtItsLaunch_HasTheNextRungInTheSameAttempt(string reason)
    {
        using var office = new Office();
        office.Bakery.Cloud.Faults.Plan.KillLaunches(reason, pool: new(Subnet: Sandbox), times: 1);

        office.Work("""{ "recipe": "debian-12-base", "requestId": "ci-5" }""");

        var result = office.Results().Should().ContainSingle().Subject;
        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result.Attempts.Should().Be(1);
        office.Bakery.Log.Lines.Should().ContainSingle(line => line.Text.Contains(reason)).Which.Text.Should().Contain(Sandbox);
        office.Bakery.Guests.Guests.Should().HaveCount(3, "one builder and two testers");
    }

    [Fact]
    public void Request_TesterThatAwsTakesBackWhileItBoots_IsNoRejection()
    {
        using var office = new Office();
        using var recipes = new RecipeFolder(recipe => recipe.Replace("market: on-demand", "market: spot"));
        using var worker = office.Bakery.Hire(
            "worker-1",
            services => services.AddSingleton(_ => new RecipeSource(recipes.Path, office.Bakery.Time))
        );
        office.Bakery.Cloud.Faults.Plan.InterruptSpot(TimeSpan.FromSeconds(10), new(Subnet: Sandbox), times: 1);
        office.Run(async () =>
        {
            await office.SendAsync("""{ "recipe": "debian-12-base", "requestId": "ci-6" }""");
            _ = worker.RunAsync();
            await office.SettledAsync();
            worker.Stop();
        });

        var result = office.Results().Should().ContainSingle().Subject;
        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result.Attempts.Should().Be(2);
        office.Bakery.Log.Lines.Should().Contain(line => line.Text.Contains("boot-test failed") && line.Text.Contains("SpotInstance"));
        office.Bakery.Calls.All.Should().NotContain(call => call.Action == "DeregisterImage");
    }

    [Fact]
    public void Request_LongerThanTheVisibility_IsKeptByHeartbeats()
    {
        using var office = new Office();
        office.Bakery.Scenario.Command("*/step/patch/*").Takes(TimeSpan.FromMinutes(25));

        office.Work("""{ "recipe": "debian-12-base", "requestId": "ci-3" }""");

        office.Results().Should().ContainSingle().Which.Attempts.Should().Be(1);
    }

    [Fact]
    public void Request_ReplyTo_GetsTheResultToo()
    {
        using var office = new Office();
        var reply = office.Create("my-replies");

        office.Work($$"""{ "recipe": "debian-12-base", "replyTo": "{{reply}}", "dryRun": true }""");

        office.Results("my-replies").Should().ContainSingle().Which.Outcome.Should().Be(Outcome.Skipped);
        office.Results().Should().ContainSingle();
    }

    [Fact]
    public void Worker_Stopped_HandsItsMessageOver()
    {
        using var office = new Office();
        office.Bakery.Scenario.Command("*/step/patch/*").Hangs();

        office.Work(TimeSpan.FromMinutes(5), """{ "recipe": "debian-12-base", "requestId": "ci-4" }""");

        office.Results().Should().BeEmpty();
        office.Waiting("bake-requests").Should().Be(1);
        office.Bakery.Guests.Guests.Should().ContainSingle().Which.IsOn.Should().BeTrue();
    }

    [Fact]
    public void Trace_OfABake_LinksToItsProducerAndHoldsEveryStage()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == BakeTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var office = new Office();

        office.Work("""{ "recipe": "debian-12-base", "requestId": "traced" }""");

        var id = BakeId.For("debian-12-base", "traced").Value;
        var ours = spans.Where(span => (string?)span.GetTagItem(BakeTelemetry.RunId) == id).ToList();
        var anchor = spans.Single(span => span.Kind == ActivityKind.Consumer && span.TraceId == ours[0].TraceId);
        anchor.Links.Should().ContainSingle().Which.Context.TraceId.ToHexString().Should().Be(Office.ProducerTrace);
        ours.Should().OnlyContain(span => span.TraceId == anchor.TraceId);
        ours.Select(span => span.OperationName).Should().Contain(["pin-base", "seal", "publish", "BUILD debian-12-base"]);
        ours.Single(span => span.Kind == ActivityKind.Server).GetTagItem(BakeTelemetry.Result).Should().Be("success");
    }
}
