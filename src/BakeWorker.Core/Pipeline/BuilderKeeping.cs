using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Pipeline;

/// <summary>A builder that stays for people to look at after its bake failed; the sweep removes it at <paramref name="Until"/>.</summary>
/// <param name="Access">The command line that opens a shell on it.</param>
public sealed record KeptBuilder(InstanceId Instance, DateTimeOffset Until, string Access);

/// <summary>Keeps the builder of a bake that was not published, where its recipe says <c>keep: on-failure</c> or a person asked for it.</summary>
public sealed class BuilderKeeping(ICloud cloud, TimeProvider time, ILogger<BuilderKeeping> logger)
{
    /// <summary>The kept builder; null when none is to be kept, or none runs: a sealed one has lost the way in.</summary>
    public async Task<KeptBuilder?> FindAsync(Bake bake, CancellationToken ct)
    {
        if (
            (bake.KeepFor ?? bake.Recipe.Builder.KeepFor) is not { } keepFor
            || keepFor <= TimeSpan.Zero
            || await cloud.Home.Instances.FindAsync(bake.Id, InstanceRole.Builder, ct) is not { State: InstanceState.Running } builder
        )
        {
            return null;
        }

        var until = time.GetUtcNow() + keepFor;
        await cloud.Home.Instances.TagAsync(
            builder.Id,
            new Dictionary<string, string> { [ResourceTags.KeepUntil] = ResourceTags.Time(until) },
            ct
        );
        var kept = new KeptBuilder(builder.Id, until, $"aws ssm start-session --region {cloud.Home.Name} --target {builder.Id}");
        Log.Kept(logger, bake.Id, kept.Instance, kept.Until, kept.Access);
        return kept;
    }
}
