using System.Collections.Concurrent;
using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Naming;
using BakeWorker.Aws.Resilience;
using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using Instance = BakeWorker.Core.Cloud.Instance;
using InstanceState = BakeWorker.Core.Cloud.InstanceState;

namespace BakeWorker.Aws.Ec2;

/// <summary>Instances of bakes in one Region.</summary>
internal sealed class Instances : IInstances
{
    // EC2: at most 200 values in a filter.
    private const int FilterValues = 200;
    private const int Generations = 8;
    private readonly IAmazonEC2 _ec2;
    private readonly AwsOptions _options;
    private readonly TimeProvider _time;
    private readonly Together<string, Instance> _ofBakes;

    // Instances that were seen not to be spot: nothing launches them again when they end.
    private readonly ConcurrentDictionary<InstanceId, byte> _onDemand = new();

    public Instances(IAmazonEC2 ec2, AwsOptions options, TimeProvider time)
    {
        (_ec2, _options, _time) = (ec2, options, time);
        _ofBakes = new Together<string, Instance>(ReadOfBakesAsync, time);
    }

    public async Task<Instance?> FindAsync(BakeId bake, InstanceRole role, CancellationToken ct) =>
        await ConvergeAsync((await ListAsync(bake, role, ct)).Where(CanServe), ct);

    public async Task<LaunchAnswer> EnsureAsync(Bake bake, LaunchOrder order, CancellationToken ct)
    {
        var known = await ListAsync(bake.Id, order.Role, ct);
        foreach (var other in known.Where(instance => CanServe(instance) && !IsOf(instance, order)))
        {
            // It is of an image that this bake has given up: what it shows is nothing about this one.
            await RemoveAsync(other.Id, ct);
        }

        if (await ConvergeAsync(known.Where(instance => CanServe(instance, order)), ct) is { } found)
        {
            return new LaunchAnswer(found);
        }

        if (known.Find(instance => WasTakenBack(instance, order.Rung)) is { } taken)
        {
            // Another worker may have seen it: what EC2 still shows is the memory that all of them share.
            return new LaunchAnswer(null, taken.Reason, taken.ReasonMessage);
        }

        await EndRequestsAsync(known, ct);
        var first = known.Select(GenerationOf).Append(order.Generation - 1).Max() + 1;
        for (var generation = first; generation < first + Generations; generation++)
        {
            var answer = await LaunchAsync(bake, order, generation, ct);
            if (answer is not null)
            {
                return answer;
            }

            // What the token names was launched by a call whose answer got lost, so nobody has heard of its spot request.
            await EndRequestsAsync(await ListAsync(bake.Id, order.Role, ct), ct);
        }

        throw new BakeFailedException(
            FailureKind.Failed,
            FailureCodes.BuilderLost,
            $"{Generations} instances of {bake.Id} on {order.Rung} were terminated one after the other; find out who ends them before the next try."
        );
    }

    public Task RehearseAsync(Bake bake, LaunchOrder order, CancellationToken ct) =>
        LaunchRehearsal.RunAsync(_ec2, bake, order, _options.InstanceProfile, ct);

    public async Task<IReadOnlyDictionary<InstanceId, Instance>> ReadAsync(IReadOnlyCollection<InstanceId> ids, CancellationToken ct)
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var instances = await Pages.ReadAllAsync(
            ids.Select(id => id.Value),
            FilterValues,
            (some, token) => PageAsync([Ec2Tags.Filter("instance-id", some)], token, ct)
        );
        return instances.ToSeen(instance => instance.Id);
    }

    public Task<IReadOnlyDictionary<InstanceId, InstanceHealth>> ReadHealthAsync(
        IReadOnlyCollection<InstanceId> ids,
        CancellationToken ct
    ) => InstanceChecks.ReadAsync(_ec2, ids, ct);

    public async Task<IReadOnlyList<Instance>> ListAsync(CancellationToken ct) =>
        await Pages.ReadAllAsync(token => PageAsync([Ec2Tags.Filter("tag-key", ResourceTags.BakeId)], token, ct));

    public async Task<IReadOnlyList<Instance>> ListAsync(BakeId bake, CancellationToken ct) => await _ofBakes.AskAsync(bake.Value, ct);

    public Task<string?> FindConsoleAsync(InstanceId id, CancellationToken ct) => InstanceConsole.FindAsync(_ec2, id, ct);

    public Task<byte[]?> FindScreenshotAsync(InstanceId id, CancellationToken ct) => InstanceConsole.FindScreenshotAsync(_ec2, id, ct);

    public Task TagAsync(InstanceId id, IReadOnlyDictionary<string, string> tags, CancellationToken ct) =>
        _ec2.CreateTagsAsync(new CreateTagsRequest { Resources = [id.Value], Tags = tags.ToEc2() }, ct);

    public Task EnsureStopsAsync(InstanceId id, CancellationToken ct) =>
        _ec2.ModifyInstanceAttributeAsync(
            new ModifyInstanceAttributeRequest { InstanceId = id.Value, InstanceInitiatedShutdownBehavior = ShutdownBehavior.Stop.Value },
            ct
        );

    public Task RemoveAsync(InstanceId id, CancellationToken ct) => SucceedIfMissingAsync(RemoveAsync([id], ct));

    public async Task RemoveAsync(IReadOnlyCollection<InstanceId> ids, CancellationToken ct)
    {
        if (ids.Where(id => !_onDemand.TryRemove(id, out _)).ToList() is { Count: > 0 } perhapsSpot)
        {
            await CancelSpotRequestsAsync(perhapsSpot, ct);
        }

        await _ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [.. ids.Select(id => id.Value)] }, ct);
    }

    /// <summary>Null when the token belongs to an instance that is gone: the next generation must be tried.</summary>
    private async Task<LaunchAnswer?> LaunchAsync(Bake bake, LaunchOrder order, int generation, CancellationToken ct)
    {
        Instance launched;
        try
        {
            var response = await _ec2.RunInstancesAsync(Launch.Request(bake, order, generation, _options.InstanceProfile), ct);
            launched = InstanceViews.From((response.Reservation.Instances ?? []).Single());
        }
        catch (BakeFailedException failure) when (failure.Is("IdempotentInstanceTerminated"))
        {
            return null;
        }
        catch (BakeFailedException failure) when (failure.Is("IdempotentParameterMismatch"))
        {
            // Another worker, or an earlier attempt of this one, launched it under this token with its own deadline and name.
            if (await Settling.LookAsync(_time, () => FindAsync(bake.Id, order, ct), ct) is { } found)
            {
                return new LaunchAnswer(found);
            }

            // Long gone and no longer shown. If it lives and hides, the two converge once it shows.
            return null;
        }
        catch (BakeFailedException failure) when (IsRefusal(failure, order.Rung))
        {
            return new LaunchAnswer(null, failure.AwsCode(), failure.InnerException!.Message);
        }

        if (!CanServe(launched))
        {
            return null;
        }

        var siblings = (await ListAsync(bake.Id, order.Role, ct)).Where(instance => CanServe(instance, order));
        return new LaunchAnswer(await ConvergeAsync(siblings.Append(launched).DistinctBy(instance => instance.Id), ct));
    }

    private async Task<Instance?> FindAsync(BakeId bake, LaunchOrder order, CancellationToken ct) =>
        await ConvergeAsync((await ListAsync(bake, order.Role, ct)).Where(instance => CanServe(instance, order)), ct);

    private static bool CanServe(Instance instance, LaunchOrder order) => CanServe(instance) && IsOf(instance, order);

    // A builder says itself what its bake is of; a tester must be of the image that is tested.
    private static bool IsOf(Instance instance, LaunchOrder order) =>
        order.Role == InstanceRole.Builder || instance.Image == order.Image.Id;

    private static bool CanServe(Instance instance) => instance is { IsGone: false, IsKept: false, State: not InstanceState.Unknown };

    // Only builders have a persistent request, and it outlives the instance that somebody else ended.
    private static bool MayComeAgain(Instance instance) =>
        instance is { IsGone: true, IsSpot: true } && instance.Tags.GetValueOrDefault(ResourceTags.Role) == Tags.Role(InstanceRole.Builder);

    private static bool WasTakenBack(Instance instance, Rung rung) =>
        StateReasons.MeansInterrupted(instance.Reason)
        && rung.Market == Market.Spot
        && instance.Type == rung.InstanceType
        && instance.Subnet == rung.Subnet;

    private static bool IsRefusal(BakeFailedException failure, Rung rung) =>
        failure.Code == FailureCodes.NoCapacity
        // A type that the image or the subnet cannot have is a matter of this rung, any other combination of the recipe.
        || (failure.Is("InvalidParameterCombination") && failure.Message.Contains(rung.InstanceType, StringComparison.Ordinal));

    private async Task<Instance?> ConvergeAsync(IEnumerable<Instance> instances, CancellationToken ct)
    {
        var siblings = instances.OrderBy(instance => instance.Id.Value, StringComparer.Ordinal).ToList();
        foreach (var loser in siblings.Skip(1))
        {
            await RemoveAsync(loser.Id, ct);
        }

        return siblings.FirstOrDefault();
    }

    private static int GenerationOf(Instance instance) =>
        int.TryParse(instance.Tags.GetValueOrDefault(ResourceTags.Generation), out var generation) ? generation : 0;

    private async Task<List<Instance>> ListAsync(BakeId bake, InstanceRole role, CancellationToken ct) =>
        [
            .. (await _ofBakes.AskAsync(bake.Value, ct)).Where(instance =>
                instance.Tags.GetValueOrDefault(ResourceTags.Role) == Tags.Role(role)
            ),
        ];

    private async Task<ILookup<string, Instance>> ReadOfBakesAsync(IReadOnlyCollection<string> bakes)
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var instances = await Pages.ReadAllAsync(
            bakes,
            FilterValues,
            (some, token) => PageAsync([Ec2Tags.Filter($"tag:{ResourceTags.BakeId}", some)], token, CancellationToken.None)
        );
        foreach (var instance in instances.Where(instance => !instance.IsSpot))
        {
            _ = instance.IsGone ? _onDemand.TryRemove(instance.Id, out _) : _onDemand.TryAdd(instance.Id, 0);
        }

        return instances.ToLookup(instance => instance.Tags.GetValueOrDefault(ResourceTags.BakeId, ""));
    }

    private async Task<(IEnumerable<Instance>? Items, string? Next)> PageAsync(List<Filter> filters, string? token, CancellationToken ct)
    {
        var page = await _ec2.DescribeInstancesAsync(
            new DescribeInstancesRequest
            {
                Filters = filters,
                MaxResults = 1_000,
                NextToken = token,
            },
            ct
        );
        return (
            (page.Reservations ?? []).SelectMany(reservation => reservation.Instances ?? []).Select(InstanceViews.From),
            page.NextToken
        );
    }

    private async Task EndRequestsAsync(IEnumerable<Instance> known, CancellationToken ct)
    {
        if (known.Where(MayComeAgain).Select(instance => instance.Id).ToList() is { Count: > 0 } gone)
        {
            await CancelSpotRequestsAsync(gone, ct);
        }
    }

    // A persistent spot request would launch the instance again.
    private async Task CancelSpotRequestsAsync(IEnumerable<InstanceId> ids, CancellationToken ct)
    {
        var page = await _ec2.DescribeInstancesAsync(
            new DescribeInstancesRequest { Filters = [Ec2Tags.Filter("instance-id", ids.Select(id => id.Value))] },
            ct
        );
        var requests = (page.Reservations ?? [])
            .SelectMany(reservation => reservation.Instances ?? [])
            .Select(instance => instance.SpotInstanceRequestId)
            .Where(request => !string.IsNullOrEmpty(request))
            .ToList();
        if (requests.Count > 0)
        {
            await SucceedIfMissingAsync(
                _ec2.CancelSpotInstanceRequestsAsync(new CancelSpotInstanceRequestsRequest { SpotInstanceRequestIds = requests }, ct)
            );
        }
    }

    private static async Task SucceedIfMissingAsync(Task removal)
    {
        try
        {
            await removal;
        }
        catch (BakeFailedException failure) when (failure.IsMissing()) { }
    }
}
