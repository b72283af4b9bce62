using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Planning;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Output;

/// <summary>A plan for programs.</summary>
public static class PlanJson
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(BakePlan plan) =>
        new JsonObject
        {
            ["recipe"] = plan.Recipe.Name,
            ["recipeDigest"] = plan.Recipe.Digest,
            ["owner"] = plan.Recipe.Owner,
            ["parameters"] = new JsonObject(plan.Parameters.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            ["refused"] = plan.IsRefused,
            ["policy"] = List(plan.Breaches, breach => new JsonObject { ["field"] = breach.Path, ["message"] = breach.Message }),
            ["base"] = Base(plan),
            ["builders"] = List(plan.Builders, Rung),
            ["testers"] = List(plan.Testers, Rung),
            ["stages"] = List(plan.Stages, stage => stage),
            ["steps"] = List(plan.Recipe.Steps, Step),
            ["tests"] = List(
                plan.Recipe.Tests,
                test => new JsonObject
                {
                    ["name"] = test.Name,
                    ["script"] = test.ScriptPath,
                    ["timeout"] = DurationText.Show(test.Timeout),
                }
            ),
            ["scan"] = Scan(plan),
            ["publish"] = Publish(plan),
            ["obstacles"] = List(plan.Targets.Obstacles, obstacle => obstacle),
            ["unseen"] = plan.Targets.Unseen,
            ["effort"] = Effort(plan),
        }.ToJsonString(Readable);

    private static JsonObject Base(BakePlan plan) =>
        new()
        {
            ["source"] = plan.Recipe.Base.ToString(),
            ["image"] = plan.Base.Image?.Id.Value,
            ["name"] = plan.Base.Image?.Name,
            ["owner"] = plan.Base.Image?.OwnerId,
            ["createdAt"] = plan.Base.Image?.CreatedAt,
            ["refusal"] = plan.Base.Refusal,
            ["obstacle"] = plan.Base.Obstacle,
        };

    private static JsonObject Scan(BakePlan plan) =>
        new()
        {
            ["source"] = Word(plan.Recipe.Scan.Source),
            ["within"] = DurationText.Show(plan.Recipe.Scan.Within),
            ["rules"] = List(plan.Rules, rule => rule),
            ["waivers"] = List(
                plan.Recipe.Scan.Waivers,
                waiver => new JsonObject
                {
                    ["vulnerability"] = waiver.Vulnerability,
                    ["package"] = waiver.Package,
                    ["expires"] = $"{waiver.Expires:yyyy-MM-dd}",
                    ["expired"] = plan.ExpiredWaivers.Contains(waiver),
                }
            ),
        };

    private static JsonObject Publish(BakePlan plan)
    {
        var (publish, share) = (plan.Recipe.Publish, plan.Recipe.Publish.Share);
        return new JsonObject
        {
            ["regions"] = List(plan.Regions, region => region),
            ["pointer"] = publish.Pointer,
            ["accounts"] = List(share.Accounts, account => account),
            ["public"] = share.IsPublic,
            ["snapshots"] = publish.ShareSnapshots,
            ["launchTemplate"] = publish.LaunchTemplate,
            ["organizations"] = List(share.OrganizationArns, arn => arn),
            ["organizationalUnits"] = List(share.OrganizationalUnitArns, arn => arn),
            ["deprecateAfter"] = publish.DeprecateAfter is { } after ? DurationText.Show(after) : null,
            ["keep"] = plan.Recipe.Retain.Keep,
            ["olderThan"] = DurationText.Show(plan.Recipe.Retain.OlderThan),
        };
    }

    private static JsonObject Effort(BakePlan plan) =>
        new()
        {
            ["asOf"] = plan.Effort?.Image.Value,
            ["seconds"] = plan.Effort?.Took.TotalSeconds,
            ["builderHours"] = Hours(plan.Effort?.Builder),
            ["testerHours"] = Hours(plan.Effort?.Tester),
            ["atMostSeconds"] = plan.AtMost.TotalSeconds,
        };

    private static double? Hours(TimeSpan? time) => time is { } known ? Math.Round(known.TotalHours, 3) : null;

    private static JsonObject Rung(Rung rung) =>
        new()
        {
            ["instanceType"] = rung.InstanceType,
            ["subnet"] = rung.Subnet,
            ["market"] = rung.Market == Market.Spot ? "spot" : "on-demand",
        };

    private static JsonObject Step(Step step) =>
        new()
        {
            ["name"] = step.Name,
            ["phase"] = Word(step.Phase),
            ["script"] = step.ScriptPath,
            ["document"] = step.Document,
            ["timeout"] = DurationText.Show(step.Timeout),
            ["retries"] = step.Retries,
            ["reboot"] = step.Reboot switch
            {
                RebootPolicy.IfNeeded => "if-needed",
                RebootPolicy.WhenAsked => "when-asked",
                _ => Word(step.Reboot),
            },
        };

    private static string Word(Enum value) => value.ToString().ToLowerInvariant();

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode?> write) => new([.. items.Select(write)]);
}
