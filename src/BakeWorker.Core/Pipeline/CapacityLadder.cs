using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Telemetry;
using BakeWorker.Core.Waiting;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Pipeline;

/// <summary>
/// Walks type x subnet x market in the recipe's order until a pool has room, also when the refusal comes after the launch. What one bake
/// learns of a pool spares the others the try.
/// </summary>
public sealed class CapacityLadder(
    ICloud cloud,
    Watchers watchers,
    Pools pools,
    BakeryOptions options,
    BakeMetrics metrics,
    ILogger<CapacityLadder> logger
)
{
    private static readonly TimeSpan OrphanMargin = TimeSpan.FromHours(1);

    /// <summary>An instance that is running, or one that ended for a reason that another pool would not mend.</summary>
    /// <param name="type">The only instance type it may have; null for the recipe's.</param>
    /// <exception cref="BakeFailedException">No rung has room.</exception>
    public async Task<Instance> LaunchAsync(BakeRun run, InstanceRole role, BaseImage image, string? type, CancellationToken ct)
    {
        var (bake, refusals) = (run.Bake, new List<string>());
        foreach (var rung in pools.Warm(Rungs(bake.Recipe, role, type)))
        {
            var answer = await cloud.Home.Instances.EnsureAsync(
                bake,
                Order(bake, role, image, rung) with
                {
                    Because = role == InstanceRole.Builder ? run.Because : null,
                },
                ct
            );
            var settled = answer.Instance is { } launched ? await SettleAsync(launched, ct) : null;
            if (settled is not null && (settled.State == InstanceState.Running || !StateReasons.MeansNextRung(settled.Reason)))
            {
                Log.Launched(logger, bake.Id, role, settled.Id, rung);
                run.Note(StageOf(role), $"{settled.Id} on {rung}");
                return settled;
            }

            if (settled is { IsGone: false })
            {
                // EC2 stopped it, as it does with spot: it must not stand in for the next one.
                await cloud.Home.Instances.RemoveAsync(settled.Id, ct);
            }

            var refusal = settled?.Reason ?? answer.RefusalCode ?? "unknown";
            pools.Cool(rung);
            metrics.Refused(rung, refusal);
            Log.RungRefused(logger, bake.Id, rung, refusal);
            refusals.Add($"{rung}: {refusal}");
        }

        throw Failures.NoCapacity(refusals);
    }

    /// <summary>Asks EC2 whether it would launch on the first rung, whatever room there is, and launches nothing.</summary>
    /// <exception cref="BakeFailedException">It would not.</exception>
    public async Task<Rung> RehearseAsync(Bake bake, InstanceRole role, BaseImage image, CancellationToken ct)
    {
        var rung = Rungs(bake.Recipe, role)[0];
        await cloud.Home.Instances.RehearseAsync(bake, Order(bake, role, image, rung), ct);
        return rung;
    }

    /// <summary>Waits until an instance is no longer on its way somewhere.</summary>
    public Task<Instance> SettleAsync(Instance instance, CancellationToken ct) =>
        watchers.Home.Launches.WaitAsync(
            instance.Id,
            new Begun("launch", instance.LaunchedAt ?? watchers.Time.GetUtcNow()),
            seen => seen.State is InstanceState.Running or InstanceState.Stopped or InstanceState.ShuttingDown or InstanceState.Terminated,
            ct
        );

    /// <summary>Every pool that may be tried, in this order.</summary>
    /// <param name="type">The only instance type; null for the recipe's.</param>
    public IReadOnlyList<Rung> Rungs(Recipe recipe, InstanceRole role, string? type = null)
    {
        var spec = recipe.Builder;
        IReadOnlyList<string> types =
            type is not null ? [type]
            : spec.InstanceTypes is { Count: > 0 } own ? own
            : [.. recipe.Architecture == Architecture.Arm64 ? options.ArmInstanceTypes : options.InstanceTypes];
        IReadOnlyList<string> subnets =
            !SeesMirrors(role) ? [.. options.SandboxSubnets]
            : spec.Subnets is { Count: > 0 } chosen ? chosen
            : [.. options.BuilderSubnets];
        Market[] markets = spec.Market == Market.SpotThenOnDemand ? [Market.Spot, Market.OnDemand] : [spec.Market];
        return [.. from market in markets from each in types from subnet in subnets select new Rung(each, subnet, market)];
    }

    private LaunchOrder Order(Bake bake, InstanceRole role, BaseImage image, Rung rung)
    {
        var recipe = bake.Recipe;
        return new()
        {
            Role = role,
            Image = image,
            Rung = rung,
            RootVolumeGiB = recipe.Builder.RootVolumeGiB,
            Encrypted = recipe.Builder.Encrypted,
            KmsKeyId = recipe.Builder.KmsKeyId,
            InstanceProfile = options.InstanceProfile is { Length: > 0 } profile ? profile : null,
            SecurityGroups = [.. SeesMirrors(role) ? options.BuilderSecurityGroups : options.SandboxSecurityGroups],
            UserData = UserData(bake, role),
        };
    }

    private static string StageOf(InstanceRole role) =>
        role switch
        {
            InstanceRole.Builder => "launch-builder",
            InstanceRole.Probe => "compare",
            _ => "launch-tester",
        };

    // Where packages come from is reached from a builder's network; what is only tested must reach nothing.
    private static bool SeesMirrors(InstanceRole role) => role is InstanceRole.Builder or InstanceRole.Probe;

    // Later than any worker, and anybody for whom the builder is kept, can be at work on it.
    private string UserData(Bake bake, InstanceRole role)
    {
        var (recipe, installs) = (bake.Recipe, role == InstanceRole.Builder && bake.Recipe.Builder.Agent == AgentSource.Install);
        var end = bake.Deadline + OrphanMargin + (bake.KeepFor ?? recipe.Builder.KeepFor ?? TimeSpan.Zero);
        return BuiltInScripts.UserData(recipe.Platform, end, installs ? options.Agent : null);
    }
}
