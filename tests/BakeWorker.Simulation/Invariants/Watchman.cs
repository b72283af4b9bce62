using BakeWorker.Core.Cloud;
using BakeWorker.Core.Sweeping;
using BakeWorker.LocalCloud.Ec2;
using BakeWorker.LocalCloud.Faults;
using BakeWorker.Simulation.Runs;
using BakeWorker.Simulation.Schedules;

namespace BakeWorker.Simulation.Invariants;

/// <summary>Looks at the whole account after every operation that changed something, and writes down what must never be.</summary>
internal sealed class Watchman(SimulatedWorld world, Ledger ledger) : IOperationObserver
{
    private static readonly HashSet<string> Changing =
    [
        "CreateTags",
        "DeleteTags",
        "CreateImage",
        "CopyImage",
        "DeregisterImage",
        "DeleteSnapshot",
        "PutParameter",
        "RunInstances",
        "TerminateInstances",
    ];
    private readonly Dictionary<string, Order> _orders = world
        .Schedule.Orders.DistinctBy(order => order.Id)
        .ToDictionary(order => order.Id.Value);
    private readonly HashSet<string> _released = [];

    public bool HasSeenViolation => world.Report.Violations.Count > 0;

    public void Before(Operation operation) { }

    public void After(Operation operation, OperationEnd end)
    {
        if (SimulatedWorld.IsSpectator(operation))
        {
            return;
        }

        world.Report.Calls++;
        ledger.Add(operation, end);
        world.Story?.Invoke(ledger.Last.Last());
        if (end is { WasReached: true, ErrorCode: null } && Changing.Contains(operation.Action))
        {
            Look();
        }
    }

    public void Look()
    {
        var owned = world.Cloud.Ec2.ListOwned();
        var images = owned.Where(resource => resource.Kind == "image").ToDictionary(image => $"{image.Region}/{image.Id}");
        CheckReleased(images);
        CheckPointers(images);
        CheckLaunches(owned.Where(resource => resource.Kind == "instance"));
    }

    /// <summary>What a sweep removed must be of bakes whose time was over.</summary>
    public void Swept(SweepReport report)
    {
        foreach (var item in report.Items.Where(judged => judged.IsRemoved).Select(judged => judged.Item))
        {
            SeedReport.Count(world.Report.Swept, $"{item.Kind}");
            if (ResourceTags.FindTime(item.Tags, ResourceTags.Deadline) is not { } deadline || deadline > world.Time.GetUtcNow())
            {
                Refuse($"the sweep removed {item.Id}, whose bake was alive: {string.Join(", ", item.Tags)}");
            }
        }
    }

    /// <summary>Writes down what must never be, once.</summary>
    public void Refuse(string violation)
    {
        if (!world.Report.Violations.Exists(known => known.StartsWith(violation, StringComparison.Ordinal)))
        {
            world.Tell($"VIOLATION {violation}");
            world.Report.Violations.Add($"{violation}\n{string.Join('\n', ledger.Last.Select(line => $"    {line}"))}");
        }
    }

    private void CheckReleased(Dictionary<string, OwnedResource> images)
    {
        foreach (var gone in _released.Where(key => !images.ContainsKey(key)).ToList())
        {
            Refuse($"released image {gone} was removed");
        }

        var released = images.Where(pair => pair.Value.Tags.ContainsKey(ResourceTags.ReleasedAt)).ToList();
        foreach (var twins in released.GroupBy(pair => (pair.Value.Region, BakeOf(pair.Value))).Where(twins => twins.Count() > 1))
        {
            Refuse($"{twins.Key} has two released images: {string.Join(", ", twins.Select(twin => twin.Key))}");
        }

        foreach (var (key, image) in released.Where(pair => _released.Add(pair.Key)))
        {
            CheckGood(key, image);
            CheckLineage(key, image);
        }
    }

    // Attempts may meet on different rungs before EC2 shows them each other's instance, but never twice on the same. What EC2 launches again for
    // a request that is not cancelled yet, and does not show yet, nobody can help: it ends with the bake.
    private void CheckLaunches(IEnumerable<OwnedResource> instances)
    {
        var working = instances.Where(instance =>
            instance.State is "pending" or "running" && !instance.IsRelaunched && !instance.Tags.ContainsKey(ResourceTags.KeepUntil)
        );
        foreach (var twins in working.GroupBy(LaunchOf).Where(twins => twins.Count() > 1))
        {
            Refuse($"the same launch made two instances: {string.Join(", ", twins.Select(twin => twin.Id))}, {twins.Key}");
        }

        static (string, string?, string?) LaunchOf(OwnedResource instance) =>
            (BakeOf(instance), instance.Tags.GetValueOrDefault(ResourceTags.Role), instance.Pool);
    }

    private void CheckPointers(Dictionary<string, OwnedResource> images)
    {
        foreach (var region in world.Cloud.Account.Options.Regions)
        {
            foreach (var pointer in world.Cloud.Ssm.ListImageParameters(region))
            {
                if (images.TryGetValue($"{region}/{pointer.Value}", out var image))
                {
                    CheckGood($"{pointer.Name} -> {region}/{image.Id}", image);
                }
                else
                {
                    Refuse($"{pointer.Name} in {region} points at {pointer.Value}, which is not there");
                }
            }
        }
    }

    private void CheckGood(string what, OwnedResource image)
    {
        if (image.Tags.GetValueOrDefault(ResourceTags.Verdict) != "passed")
        {
            Refuse($"{what} was not judged");
        }

        if (!_orders.TryGetValue(BakeOf(image), out var order) || !order.MayPublish)
        {
            Refuse($"{what} is of {order?.ToString() ?? "no request"} and may not be published");
        }
    }

    private void CheckLineage(string what, OwnedResource image)
    {
        if (!_orders.TryGetValue(BakeOf(image), out var order))
        {
            return;
        }

        var expected = SimulatedRecipes.Find(order.Recipe).Steps.Select(step => step.Name).ToList();
        var done = world.Guests.OfDisk(image.DiskId!).Entries.Where(entry => entry.ExitCode == 0).Select(entry => entry.Key).ToList();
        var steps = done.Where(key => key.Contains("/step/", StringComparison.Ordinal)).Select(key => key.Split('/')[^2]).ToList();
        if (!steps.SequenceEqual(expected))
        {
            Refuse($"{what} had the steps {string.Join(", ", steps)} instead of {string.Join(", ", expected)}");
        }

        if (done.Count == 0 || !done[^1].EndsWith("/seal", StringComparison.Ordinal))
        {
            Refuse($"{what} was not sealed last: {string.Join(", ", done)}");
        }
    }

    private static string BakeOf(OwnedResource resource) => resource.Tags.GetValueOrDefault(ResourceTags.BakeId, "");
}
