using Amazon.EC2.Model;
using Amazon.SimpleSystemsManagement.Model;
using Amazon.SQS.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Scheduling;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.EndToEnd.Schedules;

/// <summary>A March with its change to summer time, two recipes and three workers: every night one bake or one explained skip.</summary>
public sealed class NightlyMonthTests : IDisposable
{
    private static readonly DateTimeOffset March = new(2027, 3, 1, 0, 10, 0, TimeSpan.Zero);
    private readonly Bakery _bakery = Bakery.Open();
    private readonly RecipeShelf _shelf = new(
        ("web", text => Nightly(text, "web", "30 2 * * *")),
        ("data", text => Nightly(text, "data", "0 4 * * *"))
    );
    private readonly List<HiredWorker> _workers;
    private readonly List<string> _debians;
    private readonly string _queue;
    private readonly string _results;

    public NightlyMonthTests()
    {
        _queue = Open("bake-requests");
        _results = Open("bake-results");
        _debians = _bakery.Time.Run(async () =>
        {
            var request = new DescribeImagesRequest { Owners = ["136693071363"], Filters = [new Filter("name", ["debian-12-amd64-*"])] };
            var seen = await _bakery.Clients.Ec2.DescribeImagesAsync(request);
            return seen.Images.OrderBy(image => image.CreationDate).Select(image => image.ImageId).ToList();
        });
        Base("web", _debians[0]);
        Base("data", _debians[0]);
        _workers = Enumerable.Range(1, 3).Select(n => _bakery.Hire($"worker-{n}", Register)).ToList();
        Pending(0);
        Pass(March - _bakery.Time.GetUtcNow());
        Look();
    }

    public void Dispose()
    {
        _workers.ForEach(worker => worker.Dispose());
        _bakery.Dispose();
        _shelf.Dispose();
    }

    [Fact]
    public void Month_OfNights_BakesWhatChangedOnceAndExplainsEverySkip()
    {
        var results = new List<BakeResult>();
        for (var day = 1; day <= 31; day++)
        {
            Pending(day == 10 ? 1 : 0);
            for (var look = 0; look < 4; look++)
            {
                // Bakes take time of their own.
                Pass(March.AddHours((24 * (day - 1)) + (6 * (look + 1))) - _bakery.Time.GetUtcNow());
                if ((day, look) == (20, 2))
                {
                    Base("data", _debians[1]);
                }

                Look();
                results.AddRange(Work());
            }
        }

        var nights = results.Where(result => result.RequestId.StartsWith("schedule-", StringComparison.Ordinal)).ToList();
        nights
            .Should()
            .HaveCount(62, "each tick is one request, however many workers look")
            .And.OnlyHaveUniqueItems(result => result.BakeId);
        nights.Where(result => result.Recipe == "web").Select(result => result.RequestId).Should().Contain("schedule-20270328T0100Z");
        Baked(nights, "web").Should().Equal((1, "image"), (10, "updates"), (25, "age"));
        Baked(nights, "data").Should().Equal((1, "image"), (10, "updates"));
        nights
            .Where(result => result.Outcome == Outcome.Skipped)
            .Should()
            .HaveCount(57)
            .And.OnlyContain(result => result.Comparison!.Text.StartsWith("nothing changed since ami-"));

        var others = results.Except(nights).ToList();
        var rebake = others.Should().ContainSingle("three workers saw the new base, and one asked").Subject;
        rebake.Recipe.Should().Be("data");
        rebake.Outcome.Should().Be(Outcome.Published);
        rebake.BaseImage.Should().Be(_debians[1]);
        rebake.Comparison!.Text.Should().Be($"base changed: {_debians[0]} -> {_debians[1]}");
        _bakery.Guests.Guests.Should().OnlyContain(guest => !guest.IsOn, "nothing is left running");
    }

    [Fact]
    public void Base_WhoseBakeFailed_IsNotAskedForAgain_UntilItMovesOn()
    {
        Pass(TimeSpan.FromHours(6));
        Look();
        Work().Should().HaveCount(2);
        _bakery.Scenario.Command("*/step/install/*").Fails(3);
        Base("web", _debians[1]);

        Look();
        Work().Should().ContainSingle().Which.Outcome.Should().Be(Outcome.Failed);
        Pass(TimeSpan.FromHours(3));
        Look();

        Work().Should().BeEmpty();
        Base("web", _debians[0]);
        Look();
        Work().Should().BeEmpty("the image in use is made of it");
    }

    [Fact]
    public void Worker_ThatDiesBeforeItsRequest_LeavesTheBaseToAnother()
    {
        Pass(TimeSpan.FromHours(6));
        Look();
        Work();
        Base("web", _debians[1]);
        _workers[0].Line.Breaks = (service, _) => service == "sqs";
        Watch(_workers[0]);
        Watch(_workers[1]);
        Work().Should().BeEmpty("the claim is young");

        Pass(TimeSpan.FromMinutes(4));
        Watch(_workers[1]);

        Work().Should().ContainSingle().Which.Outcome.Should().Be(Outcome.Published);
    }

    [Fact]
    public void Recipe_ThatDoesNotWantIt_WaitsForItsTick()
    {
        _shelf.Edit("web", text => text.Replace("maxAge: 14d", "maxAge: 14d, onBaseChange: false"));
        Pass(TimeSpan.FromHours(6));
        Look();
        Work();
        Base("web", _debians[1]);

        Look();
        Work().Should().BeEmpty();
        Pass(TimeSpan.FromDays(1));
        Look();

        Work().Single(result => result.Recipe == "web").Comparison!.Text.Should().StartWith("base changed");
    }

    private static IEnumerable<(int Day, string Why)> Baked(IEnumerable<BakeResult> results, string recipe) =>
        results
            .Where(result => result.Recipe == recipe && result.Outcome != Outcome.Skipped)
            .Select(result => (result.StartedAt.Day, result.Comparison!.Parts.Single(part => part.Result is "changed" or "unknown").Part));

    private static string Nightly(string text, string name, string cron) =>
        text.Replace("/aws/service/debian/release/12/latest/amd64", $"/bases/{name}")
            .Replace("  maxAge: 120d\n", "")
            .Replace(
                "schedule: { cron: \"0 3 * * *\", timezone: UTC, skipIfUnchanged: true }",
                $"schedule: {{ cron: \"{cron}\", timezone: Europe/Berlin, maxAge: 14d }}"
            );

    private void Register(IServiceCollection services) =>
        services
            .AddSingleton(_ => new RecipeSource(_shelf.Path, _bakery.Time))
            .AddSingleton(new OperatorPolicy { Base = OperatorPolicy.Default.Base with { MaxAge = null } });

    private string Open(string name) => _bakery.Time.Run(async () => (await _bakery.Clients.Sqs.CreateQueueAsync(name)).QueueUrl);

    private void Base(string recipe, string image) =>
        _bakery.Time.Run(() =>
            _bakery.Clients.Ssm.PutParameterAsync(
                new PutParameterRequest
                {
                    Name = $"/bases/{recipe}",
                    Value = image,
                    Type = "String",
                    Overwrite = true,
                }
            )
        );

    private void Pending(int updates) =>
        _bakery.Scenario.Command("*/updates").ForRole("probe").Prints($"updates: {updates}\n{(updates > 0 ? "tzdata 1 -> 2\n" : "")}");

    private void Pass(TimeSpan time) =>
        _bakery.Time.Run(async () =>
        {
            for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromDays(30))
            {
                await Task.Delay(left < TimeSpan.FromDays(30) ? left : TimeSpan.FromDays(30), _bakery.Time, CancellationToken.None);
            }
        });

    // All in the same moment: the worst that can happen to a claim.
    private void Look() =>
        _bakery.Time.Run(async () =>
        {
            await Task.WhenAll(_workers.Select(worker => worker.Get<Scheduler>().LookAsync(CancellationToken.None)));
            await Task.WhenAll(_workers.Select(worker => worker.Get<BaseWatch>().LookAsync(CancellationToken.None)));
        });

    private void Watch(HiredWorker worker) => _bakery.Time.Run(() => worker.Get<BaseWatch>().LookAsync(CancellationToken.None));

    private List<BakeResult> Work() =>
        _bakery.Time.Run(async () =>
        {
            var results = new List<BakeResult>();
            if (await OpenAsync(_queue) > 0)
            {
                using var stop = new CancellationTokenSource();
                var workers = Task.WhenAll(_workers.Skip(1).Select(worker => worker.Consumer.RunAsync(stop.Token)));
                while (await OpenAsync(_queue) > 0)
                {
                    await Task.Delay(TimeSpan.FromSeconds(20), _bakery.Time);
                }

                await stop.CancelAsync();
                await workers;
            }

            while (
                await _bakery.Clients.Sqs.ReceiveMessageAsync(new ReceiveMessageRequest(_results) { MaxNumberOfMessages = 10 })
                    is { Messages: { Count: > 0 } some }
            )
            {
                foreach (var message in some)
                {
                    results.Add(BakeResultReader.Read(message.Body)!);
                    await _bakery.Clients.Sqs.DeleteMessageAsync(_results, message.ReceiptHandle);
                }
            }

            return results;
        });

    private async Task<int> OpenAsync(string url)
    {
        var seen = await _bakery.Clients.Sqs.GetQueueAttributesAsync(url, ["All"]);
        return seen.ApproximateNumberOfMessages + seen.ApproximateNumberOfMessagesNotVisible + seen.ApproximateNumberOfMessagesDelayed;
    }
}
