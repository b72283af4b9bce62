using System.Net;
using System.Text.Json;
using BakeWorker.Core.Bakes;
using BakeWorker.Hosting;
using BakeWorker.Settings;
using BakeWorker.Testing;

namespace BakeWorker.Tests.Board;

/// <summary>Alive and ready mean something: a worker that cannot receive is not ready, one whose loop has ended is not alive.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Worker_ThatReceives_IsAliveAndReady_AndMeasured()
    {
        await using var world = await BoardWorld.OpenAsync();

        await UntilAsync(world, HttpStatusCode.OK);

        (await world.StatusAsync("/health/live")).Should().Be(HttpStatusCode.OK);
        await world.BakeAsync("ci-1");
        (await world.TextAsync("/metrics"))
            .Should()
            .Contain("cicd_pipeline_run_duration_seconds_bucket")
            .And.Contain("bakeworker_aws_call_duration");
    }

    [Fact]
    public async Task Worker_WhoseQueueIsGone_IsNotReady_AndSaysSo()
    {
        await using var world = await BoardWorld.OpenAsync();
        await UntilAsync(world, HttpStatusCode.OK);

        var queue = await world.Clients.Sqs.GetQueueUrlAsync(LocalDefaults.Queue);
        await world.Clients.Sqs.DeleteQueueAsync(queue.QueueUrl);

        var answer = await UntilAsync(world, HttpStatusCode.ServiceUnavailable);
        answer.GetProperty("status").GetString().Should().Be("not ready");
        answer.GetProperty("reason").GetString().Should().Contain("receiving from the queue has failed since");
        (await world.StatusAsync("/health/live")).Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Worker_WhoseLoopHasEnded_IsNotAlive()
    {
        await using var world = await BoardWorld.OpenAsync();

        world.Get<WorkerEnd>().Cause = new InvalidOperationException("the loop broke");

        (await world.StatusAsync("/health/live")).Should().Be(HttpStatusCode.ServiceUnavailable);
        (await world.StatusAsync("/health/ready")).Should().Be(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public void Watch_KnowsWhatIsNoTrouble()
    {
        var time = new VirtualTime();
        var watch = new ReceiveWatch(time);
        watch.FindTrouble().Should().Contain("nothing has been received");

        watch.Began();
        watch.Succeeded();
        Pass(TimeSpan.FromHours(1));
        watch.FindTrouble().Should().BeNull("a worker that has its hands full does not receive");

        watch.Began();
        Pass(ReceiveWatch.Patience / 2);
        watch.FindTrouble().Should().BeNull();
        Pass(ReceiveWatch.Patience / 2);
        watch.FindTrouble().Should().Contain("not answered a receive for 60 s");

        watch.Failed("denied");
        watch.FindTrouble().Should().Contain("denied");
        watch.Began();
        watch.FindTrouble().Should().Contain("denied", "until one gets through, it cannot");
        watch.Succeeded();
        watch.FindTrouble().Should().BeNull();

        void Pass(TimeSpan span) => time.Run(() => Task.Delay(span, time));
    }

    private static async Task<JsonElement> UntilAsync(BoardWorld world, HttpStatusCode status)
    {
        while (true)
        {
            using var answer = await world.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), world.Limit);
            if (answer.StatusCode == status)
            {
                return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(world.Limit)).RootElement;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, world.Limit);
        }
    }
}
