using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Holds the recipe against the operator's policy, then decides once which base this bake starts from, and that it may be trusted.</summary>
public sealed class PinBase(ICloud cloud, OperatorPolicy policy, TimeProvider time) : IStage<Nothing, PinnedBase>
{
    public string Name => "pin-base";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromMinutes(5);

    public async Task<PinnedBase> RunAsync(BakeRun run, Nothing input, CancellationToken ct)
    {
        var (recipe, region) = (run.Bake.Recipe, cloud.Home);
        if (RecipePolicy.Judge(recipe, policy, region.Name, time.GetUtcNow()) is { Count: > 0 } breaches)
        {
            throw Failures.PolicyRefused(recipe.Name, breaches);
        }

        // The builder is looked for before "latest" is resolved: what it was launched from is what this bake is of.
        var builder = await region.Instances.FindAsync(run.Bake.Id, InstanceRole.Builder, ct);
        if (builder is not null)
        {
            run.Interruption.Heed(builder.Tags);
            if (!run.Bake.IsAsRead(builder.Tags))
            {
                run.Note(Name, $"{builder.Id} was begun with the recipe before its last change: another one is launched");
                await region.Instances.RemoveAsync(builder.Id, ct);
                builder = null;
            }
        }

        var source = builder is null ? recipe.Base : Pinned(recipe.Base, builder);
        var image =
            await region.Images.FindBaseAsync(source, recipe.Architecture, ct)
            ?? throw Failures.BaseNotFound(source.ToString(), region.Name);
        BaseTrust.Check(image, recipe, policy.Base, await cloud.FindAccountAsync(ct), time.GetUtcNow());
        run.Base = image;
        run.Note(Name, $"{image.Id} {image.Name} of {image.OwnerAlias ?? image.OwnerId}");
        return new PinnedBase(image, builder);
    }

    private static BaseSource Pinned(BaseSource source, Instance builder) =>
        source with
        {
            Parameter = null,
            Name = null,
            Image = builder.Tags.GetValueOrDefault(ResourceTags.SourceImage) ?? builder.Image.Value,
        };
}
