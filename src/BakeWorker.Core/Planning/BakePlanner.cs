using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Publishing;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Planning;

/// <summary>Says what a bake would do, by the parts that would do it. Changes nothing.</summary>
public sealed class BakePlanner(
    ICloud cloud,
    CapacityLadder ladder,
    StageSet stages,
    PublishSteps steps,
    Experience experience,
    OperatorPolicy policy,
    TimeProvider time
)
{
    public async Task<BakePlan> PlanAsync(Recipe recipe, IReadOnlyDictionary<string, string> parameters, CancellationToken ct)
    {
        var (now, home) = (time.GetUtcNow(), cloud.Home.Name);
        return new BakePlan(recipe, parameters)
        {
            Breaches = RecipePolicy.Judge(recipe, policy, home, now),
            Base = await FindBaseAsync(recipe, now, ct),
            Builders = ladder.Rungs(recipe, InstanceRole.Builder),
            Testers = ladder.Rungs(recipe, InstanceRole.Tester),
            Stages = stages.Names,
            Rules = FindingPolicy.Describe(recipe.Scan, policy.Findings, now),
            ExpiredWaivers = [.. recipe.Scan.Waivers.Where(waiver => waiver.Expires < DateOnly.FromDateTime(now.UtcDateTime))],
            Targets = await LookAtTargetsAsync(recipe, ct),
            Effort = await experience.FindAsync(recipe, ct),
            AtMost = AtMost(recipe),
            Regions = [home, .. recipe.Publish.Regions.Where(region => region != home)],
        };
    }

    private async Task<PlannedTargets> LookAtTargetsAsync(Recipe recipe, CancellationToken ct)
    {
        var obstacles = new Obstacles();
        try
        {
            foreach (var step in steps.InOrder)
            {
                await step.CheckAsync(recipe, obstacles, ct);
            }

            return new PlannedTargets(obstacles.Found, null);
        }
        catch (BakeFailedException failure)
        {
            return new PlannedTargets(obstacles.Found, failure.Message);
        }
    }

    private static TimeSpan AtMost(Recipe recipe) =>
        recipe
            .Steps.Select(step => step.Timeout * (step.Retries + 1))
            .Concat(recipe.Tests.Select(test => test.Timeout))
            .Append(recipe.Scan.Within)
            .Aggregate(TimeSpan.Zero, (sum, one) => sum + one);

    private async Task<PlannedBase> FindBaseAsync(Recipe recipe, DateTimeOffset now, CancellationToken ct)
    {
        BaseImage? image = null;
        try
        {
            image = await cloud.Home.Images.FindBaseAsync(recipe.Base, recipe.Architecture, ct);
            if (image is null)
            {
                return new PlannedBase { Refusal = Failures.BaseNotFound(recipe.Base.ToString(), cloud.Home.Name).Message };
            }

            BaseTrust.Check(image, recipe, policy.Base, await cloud.FindAccountAsync(ct), now);
            return new PlannedBase { Image = image };
        }
        catch (BakeFailedException refusal) when (refusal.Kind is FailureKind.Rejected or FailureKind.Invalid)
        {
            return new PlannedBase { Image = image, Refusal = refusal.Message };
        }
        catch (BakeFailedException failure)
        {
            // Without AWS the rest of the plan is as good as ever.
            return new PlannedBase { Image = image, Obstacle = failure.Message };
        }
    }
}
