using Amazon.SQS.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Scheduling;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.EndToEnd.Schedules;

/// <summary>Three workers that keep the same schedules.</summary>
public sealed class SchedulerTests : IDisposable
{
    private const string Parameter = "/bakeworker/schedules/debian-12-base";
    private readonly RecipeFolder _recipes = new(recipe =>
        recipe.Replace("schedule: { cron: \"0 3 * * *\", timezone: UTC", "schedule: { cron: \"30 2 * * *\", timezone: Europe/Berlin")
    );
    private readonly Bakery _bakery = Bakery.Open();
    private readonly List<HiredWorker> _workers;
    private readonly string _queue;

    public SchedulerTests()
    {
        _workers = Enumerable
            .Range(1, 3)
            .Select(n => _bakery.Hire($"worker-{n}", services => services.AddSingleton(_ => new RecipeSource(_recipes.Path, _bakery.Time))))
            .ToList();
        _queue = _bakery.Time.Run(async () => (await _bakery.Clients.Sqs.CreateQueueAsync("bake-requests")).QueueUrl);
        // A baseline: what was before the schedule was seen for the first time is nobody's debt.
        Look();
    }

    public void Dispose()
    {
        _workers.ForEach(worker => worker.Dispose());
        _bakery.Dispose();
        _recipes.Dispose();
    }

    [Fact]
    public void Schedule_OverAMonthWithAChangeToSummerTime_AsksForEachDayOnce()
    {
        Pass(new DateTimeOffset(2027, 3, 1, 0, 10, 0, TimeSpan.Zero) - _bakery.Time.GetUtcNow());
        Look();
        Requests().Should().HaveCount(1, "all the ticks of the winter in which nobody looked are one");

        var requests = new List<string>();
        for (var day = 0; day < 31; day++)
        {
            for (var look = 0; look < 6; look++)
            {
                Pass(TimeSpan.FromHours(4));
                Look();
            }

            requests.AddRange(Requests());
        }

        requests
            .Should()
            .Equal(
                Enumerable
                    .Range(1, 31)
                    .Select(day => new DateTime(2027, 3, day, day < 28 ? 1 : 0, 30, 0))
                    // 02:30 does not exist on the 28th: its tick comes when the hour is over, at 03:00 summer time.
                    .Select(tick => tick.Day == 28 ? new DateTime(2027, 3, 28, 1, 0, 0) : tick)
                    .Select(tick => $"schedule-{tick:yyyyMMdd'T'HHmm'Z'}")
            );
    }

    [Fact]
    public void Request_OfASchedule_SaysWhyAndIsTheSameForEveryWorker()
    {
        Pass(TimeSpan.FromDays(1));
        Look();

        var body = _bakery.Time.Run(ReceiveAsync).Should().ContainSingle().Subject;
        var request = BakeRequestReader.Read(body, "message").Require();
        request
            .Should()
            .BeEquivalentTo(
                new
                {
                    Recipe = "debian-12-base",
                    Reason = "schedule",
                    IfChanged = true,
                }
            );
    }

    [Fact]
    public void Worker_ThatDiesBetweenClaimAndRequest_LeavesTheTickToAnother()
    {
        Pass(TimeSpan.FromDays(1));
        _workers[0].Line.Breaks = (service, _) => service == "sqs";
        Look(_workers[0]);
        Look(_workers[1]);
        Requests().Should().BeEmpty("the claim is young");

        _workers.RemoveAt(0);
        Pass(TimeSpan.FromMinutes(4));
        Look();

        Requests().Should().ContainSingle();
        Pass(TimeSpan.FromMinutes(10));
        Look();
        Requests().Should().BeEmpty();
    }

    [Fact]
    public void Schedule_SeenForTheFirstTime_AsksForNothingBeforeItsNextTick()
    {
        Requests().Should().BeEmpty();
        Pass(TimeSpan.FromMinutes(5));
        Look();
        Requests().Should().BeEmpty();
    }

    [Fact]
    public void Record_ThatSomebodyWroteOver_BeginsAnew()
    {
        _bakery.Time.Run(() =>
            _bakery.Clients.Ssm.PutParameterAsync(
                new()
                {
                    Name = Parameter,
                    Value = "by hand",
                    Type = "String",
                    Overwrite = true,
                }
            )
        );
        Look();
        Requests().Should().BeEmpty();

        Pass(TimeSpan.FromDays(1));
        Look();

        Requests().Should().ContainSingle();
    }

    [Fact]
    public void Schedules_TurnedOff_AreKeptByNobody()
    {
        using var worker = _bakery.Hire("idle", services => services.AddSingleton(new ScheduleOptions { Parameters = "" }));

        _bakery.Time.Run(() => worker.Get<Scheduler>().RunAsync(CancellationToken.None));

        worker.Line.Calls.Should().BeEmpty();
    }

    private void Pass(TimeSpan time) =>
        _bakery.Time.Run(async () =>
        {
            // One timer reaches no further than seven weeks.
            for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromDays(30))
            {
                await Task.Delay(left < TimeSpan.FromDays(30) ? left : TimeSpan.FromDays(30), _bakery.Time, CancellationToken.None);
            }
        });

    // All in the same moment: the worst that can happen to a claim.
    private void Look() =>
        _bakery.Time.Run(() => Task.WhenAll(_workers.Select(worker => worker.Get<Scheduler>().LookAsync(CancellationToken.None))));

    private void Look(HiredWorker worker) => _bakery.Time.Run(() => worker.Get<Scheduler>().LookAsync(CancellationToken.None));

    private List<string> Requests() =>
        _bakery.Time.Run(ReceiveAsync).ConvertAll(body => BakeRequestReader.Read(body, "message").Require().RequestId);

    private async Task<List<string>> ReceiveAsync()
    {
        var bodies = new List<string>();
        while (true)
        {
            var some =
                (await _bakery.Clients.Sqs.ReceiveMessageAsync(new ReceiveMessageRequest(_queue) { MaxNumberOfMessages = 10 })).Messages
                ?? [];
            if (some.Count == 0)
            {
                return bodies;
            }

            foreach (var message in some)
            {
                bodies.Add(message.Body);
                await _bakery.Clients.Sqs.DeleteMessageAsync(_queue, message.ReceiptHandle);
            }
        }
    }
}
