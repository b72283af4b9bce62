using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Naming;
using BakeWorker.Aws.Resilience;
using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using Instance = BakeWorker.Core.Cloud.Instance;

namespace BakeWorker.Aws.Ec2;

/// <summary>Instances of bakes in one Region.</summary>
internal sealed class Instances(IAmazonEC2 ec2, AwsOptions options, TimeProvider time) : IInstances
{
    // EC2: at most 200 values in a filter.
    private const int FilterValues = 200;
    private const int Generations = 8;
    private static readonly string[] Living = ["pending", "running", "stopping", "stopped"];
    private static readonly string[] AnyState = [.. Living, "shutting-down", "terminated"];

    public async Task<Instance?> FindAsync(BakeId bake, InstanceRole role, CancellationToken ct) =>
        await ConvergeAsync((await ListAsync(bake, role, Living, ct)).Where(CanServe), ct);

    public async Task<LaunchAnswer> EnsureAsync(Bake bake, LaunchOrder order, CancellationToken ct)
    {
        var known = await ListAsync(bake.Id, order.Role, AnyState, ct);
        if (await ConvergeAsync(known.Where(CanServe), ct) is { } found)
        {
            return new LaunchAnswer(found);
        }

        var first = known.Select(GenerationOf).Append(order.Generation - 1).Max() + 1;
        for (var generation = first; generation < first + Generations; generation++)
        {
            var answer = await LaunchAsync(bake, order, generation, ct);
            if (answer is not null)
            {
                return answer;
            }
        }

        throw new BakeFailedException(
            FailureKind.Failed,
            FailureCodes.BuilderLost,
            $"{Generations} instances of {bake.Id} on {order.Rung} were terminated one after the other; find out who ends them before the next try."
        );
    }

    public async Task<IReadOnlyDictionary<InstanceId, Instance>> ReadAsync(IReadOnlyCollection<InstanceId> ids, CancellationToken ct)
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var instances = await Pages.ReadAllAsync(
            ids.Select(id => id.Value),
            FilterValues,
            (some, token) => PageAsync([Ec2Tags.Filter("instance-id", some)], token, ct)
        );
        return instances.ToDictionary(instance => instance.Id);
    }

    public Task<IReadOnlyDictionary<InstanceId, InstanceHealth>> ReadHealthAsync(
        IReadOnlyCollection<InstanceId> ids,
        CancellationToken ct
    ) => InstanceChecks.ReadAsync(ec2, ids, ct);

    public async Task<IReadOnlyList<Instance>> ListAsync(CancellationToken ct) =>
        await Pages.ReadAllAsync(token => PageAsync([Ec2Tags.Filter("tag-key", ResourceTags.BakeId)], token, ct));

    public async Task<IReadOnlyList<Instance>> ListAsync(BakeId bake, CancellationToken ct) =>
        await Pages.ReadAllAsync(token => PageAsync([Ec2Tags.TagFilter(ResourceTags.BakeId, bake.Value)], token, ct));

    public Task<string?> FindConsoleAsync(InstanceId id, CancellationToken ct) => InstanceConsole.FindAsync(ec2, id, ct);

    public Task TagAsync(InstanceId id, IReadOnlyDictionary<string, string> tags, CancellationToken ct) =>
        ec2.CreateTagsAsync(new CreateTagsRequest { Resources = [id.Value], Tags = tags.ToEc2() }, ct);

    public async Task RemoveAsync(InstanceId id, CancellationToken ct)
    {
        await CancelSpotRequestAsync(id, ct);
        await SucceedIfMissingAsync(ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [id.Value] }, ct));
    }

    /// <summary>Null when the token belongs to an instance that is gone: the next generation must be tried.</summary>
    private async Task<LaunchAnswer?> LaunchAsync(Bake bake, LaunchOrder order, int generation, CancellationToken ct)
    {
        Instance launched;
        try
        {
            var response = await ec2.RunInstancesAsync(Launch.Request(bake, order, generation, options.InstanceProfile), ct);
            launched = InstanceViews.From((response.Reservation.Instances ?? []).Single());
        }
        catch (BakeFailedException failure) when (failure.Is("IdempotentInstanceTerminated"))
        {
            return null;
        }
        catch (BakeFailedException failure) when (failure.Is("IdempotentParameterMismatch"))
        {
            // Another worker, or an earlier attempt of this one, launched it under this token with its own deadline and name.
            if (await Settling.LookAsync(time, () => FindAsync(bake.Id, order.Role, ct), ct) is { } found)
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

        var siblings = await ListAsync(bake.Id, order.Role, Living, ct);
        return new LaunchAnswer(await ConvergeAsync(siblings.Where(CanServe).Append(launched).DistinctBy(instance => instance.Id), ct));
    }

    private static bool CanServe(Instance instance) => instance is { IsGone: false, IsKept: false };

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

    private Task<List<Instance>> ListAsync(BakeId bake, InstanceRole role, string[] states, CancellationToken ct) =>
        Pages.ReadAllAsync(token =>
            PageAsync(
                [
                    Ec2Tags.TagFilter(ResourceTags.BakeId, bake.Value),
                    Ec2Tags.TagFilter(ResourceTags.Role, Tags.Role(role)),
                    Ec2Tags.Filter("instance-state-name", states),
                ],
                token,
                ct
            )
        );

    private async Task<(IEnumerable<Instance>? Items, string? Next)> PageAsync(List<Filter> filters, string? token, CancellationToken ct)
    {
        var page = await ec2.DescribeInstancesAsync(
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

    // A persistent spot request would launch the instance again.
    private async Task CancelSpotRequestAsync(InstanceId id, CancellationToken ct)
    {
        var page = await ec2.DescribeInstancesAsync(
            new DescribeInstancesRequest { Filters = [Ec2Tags.Filter("instance-id", id.Value)] },
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
                ec2.CancelSpotInstanceRequestsAsync(new CancelSpotInstanceRequestsRequest { SpotInstanceRequestIds = requests }, ct)
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
