using Amazon.SQS.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.LocalCloud.Ec2;
using BakeWorker.Simulation.Runs;
using BakeWorker.Simulation.Schedules;
using BakeWorker.Simulation.Workers;

namespace BakeWorker.Simulation.Invariants;

/// <summary>What must be when the queue is empty and every worker has stopped.</summary>
internal sealed class FinalChecks(SimulatedWorld world, Watchman watchman, Ledger ledger)
{
    private static readonly TimeSpan AfterDeadlines = TimeSpan.FromHours(9);
    private static readonly TimeSpan UntilGone = TimeSpan.FromMinutes(10);

    public async Task RunAsync()
    {
        watchman.Look();
        var results = new List<BakeResult>();
        foreach (var body in await DrainAsync(SimulatedWorld.Results))
        {
            results.Add(BakeResultReader.Read(body)!);
        }

        results.ForEach(Note);
        foreach (var order in world.Schedule.Orders)
        {
            CheckAnswers(order, [.. results.Where(result => result.BakeId == order.Id.Value)]);
        }

        CheckInvalid([.. results.Where(result => result.Outcome == Outcome.Invalid)], await DrainAsync(SimulatedWorld.DeadRequests));
        await SweepAsync();
        watchman.Look();
        CheckLeftovers();
    }

    private void Note(BakeResult result)
    {
        ledger.Add($"{result.BakeId} {result.Outcome} {result.Attempts} {result.Failure?.Code} {result.FinishedAt:HH:mm:ss.fff}");
        world.Tell($"{result.BakeId} {result.Outcome} attempt {result.Attempts} {result.Failure?.Code} {result.Failure?.Message}");
        SeedReport.Count(world.Report.Outcomes, $"{result.Outcome}");
        if (result.Failure is { } failure)
        {
            SeedReport.Count(world.Report.Failures, failure.Code);
        }
    }

    private void CheckAnswers(Order order, List<BakeResult> results)
    {
        var who = $"{order.Id} ({order.Recipe}, {order.Fate})";
        if (results.Count == 0)
        {
            watchman.Refuse($"{who} was never answered");
            return;
        }

        foreach (var odd in results.Where(result => !IsPossible(order, result.Outcome)))
        {
            watchman.Refuse($"{who} ended as {odd.Outcome} ({odd.Failure?.Code}: {odd.Failure?.Message}) instead of {order.Expected}");
        }

        foreach (var broken in results.Where(result => result.Failure?.Code == FailureCodes.Unexpected))
        {
            watchman.Refuse($"{who} met a defect: {broken.Failure!.Message}");
        }

        var isSettled = results.SkipWhile(result => result.Outcome != Outcome.Published);
        if (isSettled.Any(result => result.Outcome != Outcome.Published))
        {
            watchman.Refuse($"{who} was published and then {string.Join(", ", isSettled.Skip(1).Select(result => result.Outcome))}");
        }

        CheckImages(order, who, results[^1]);
    }

    private bool IsPossible(Order order, Outcome outcome) =>
        outcome == order.Expected
        || (outcome == Outcome.Failed && !world.Schedule.IsMendable)
        || (outcome == Outcome.Cancelled && order.CancelAt is not null);

    private void CheckImages(Order order, string who, BakeResult last)
    {
        var released = world
            .Cloud.Ec2.ListOwned()
            .Where(image => image.Kind == "image" && image.Tags.GetValueOrDefault(ResourceTags.BakeId) == order.Id.Value)
            .Where(image => image.Tags.ContainsKey(ResourceTags.ReleasedAt))
            .ToDictionary(image => image.Region, image => image.Id);
        var told = last.Outcome == Outcome.Published ? last.Images : new Dictionary<string, string>();
        if (!released.OrderBy(pair => pair.Key).SequenceEqual(told.OrderBy(pair => pair.Key)))
        {
            watchman.Refuse($"{who} was told {last.Outcome} with {Words(told)}, but released are {Words(released)}");
        }

        var regions = SimulatedRecipes.Find(order.Recipe).Publish.Regions.Append(SimulatedWorld.Home).Order();
        if (last.Outcome == Outcome.Published && !told.Keys.Order().SequenceEqual(regions))
        {
            watchman.Refuse($"{who} was published in {Words(told)} only");
        }
    }

    private void CheckInvalid(List<BakeResult> answers, List<string> buried)
    {
        foreach (var order in world.Schedule.BadOrders)
        {
            if (!buried.Contains(order.Body))
            {
                watchman.Refuse($"the invalid request {order.Body} is not in the dead-letter queue");
            }
        }

        if (buried.FirstOrDefault(body => world.Schedule.BadOrders.All(order => order.Body != body)) is { } valid)
        {
            watchman.Refuse($"the valid request {valid} is in the dead-letter queue");
        }

        if (world.Schedule.BadOrders.Count > 0 && answers.Count == 0)
        {
            watchman.Refuse("an invalid request was not answered");
        }
    }

    private void CheckLeftovers()
    {
        var owned = world.Cloud.Ec2.ListOwned();
        var released = owned
            .Where(resource => resource.Tags.ContainsKey(ResourceTags.ReleasedAt))
            .Select(image => (image.Region, Bake: image.Tags[ResourceTags.BakeId]))
            .ToHashSet();
        foreach (var resource in owned.Where(resource => !IsReleased(resource)))
        {
            watchman.Refuse($"{resource.Kind} {resource.Id} in {resource.Region} ({resource.State}) was left: {Words(resource.Tags)}");
        }

        bool IsReleased(OwnedResource resource) =>
            resource.Tags.ContainsKey(ResourceTags.ReleasedAt)
            || (
                resource.Kind == "snapshot"
                && released.Contains((resource.Region, resource.Tags.GetValueOrDefault(ResourceTags.BakeId, "")))
            );
    }

    // One pass, long after every deadline, in a cloud without faults.
    private async Task SweepAsync()
    {
        await Task.Delay(AfterDeadlines, world.Time);
        await using var sweeper = new WorkerLife("last-sweeper", world, new Dice(0, "sweeper"));
        watchman.Swept(await sweeper.SweepAsync());
        await Task.Delay(UntilGone, world.Time);
    }

    private async Task<List<string>> DrainAsync(string queue)
    {
        var url = (await world.Clients.Sqs.GetQueueUrlAsync(queue)).QueueUrl;
        var bodies = new List<string>();
        while (true)
        {
            var page = await world.Clients.Sqs.ReceiveMessageAsync(new ReceiveMessageRequest(url) { MaxNumberOfMessages = 10 });
            if (page.Messages is not { Count: > 0 } messages)
            {
                return bodies;
            }

            bodies.AddRange(messages.Select(message => message.Body));
        }
    }

    private static string Words(IEnumerable<KeyValuePair<string, string>> pairs) =>
        string.Join(", ", pairs.Select(pair => $"{pair.Key}={pair.Value}").DefaultIfEmpty("nothing"));
}
