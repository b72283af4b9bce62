using System.Text.Json.Nodes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Proofs;

/// <summary>What went into an image: the base, the recipe, and every script that ran, by its hash.</summary>
internal static class Materials
{
    public static IEnumerable<JsonObject> Of(ProvenFacts facts)
    {
        var recipe = facts.Bake.Recipe;
        return
        [
            Base(facts),
            Described($"recipe {recipe.Name}", recipe.Digest["sha256:".Length..]),
            .. facts.Policy.Digest is { } policy ? [Described("policy", policy["sha256:".Length..])] : Array.Empty<JsonObject>(),
            .. recipe.Steps.Select(step => Step(step, facts.Region)),
            .. recipe.Tests.Select(test => Test(test)),
            .. BuiltIns(recipe),
            BuiltIn(BuiltInScripts.Seal(recipe.Platform, default)),
        ];
    }

    /// <summary>A test's script, as a definition of what was tested.</summary>
    public static JsonObject Test(TestSpec test)
    {
        var described = Described($"test {test.Name}", ProofJson.Sha256(test.Script));
        described["uri"] = Uri(test.ScriptPath);
        return described;
    }

    /// <summary>The scripts that look at every image, whatever its recipe.</summary>
    public static IEnumerable<JsonObject> BuiltIns(Recipe recipe) =>
        new[]
        {
            BuiltInScripts.HygieneOnBuilder(recipe.Platform, recipe.Hygiene, default),
            BuiltInScripts.HygieneOnTester(recipe.Platform, recipe.Hygiene, default, launched: null),
            BuiltInScripts.BootChecks(recipe, 1),
            BuiltInScripts.Inventory(recipe.Platform, "after"),
        }
            .OfType<GuestTask>()
            .Select(BuiltIn);

    private static JsonObject BuiltIn(GuestTask task) => Described($"built-in {task.Key}", ProofJson.Sha256(task.Script!));

    private static JsonObject Base(ProvenFacts facts)
    {
        var id = facts.Base?.Id ?? new ImageId(facts.Home.Tags.GetValueOrDefault(ResourceTags.SourceImage, ""));
        var arn = Statement.Arn(facts.Region, id);
        var notes = new JsonObject();
        if (facts.Bake.Recipe.Base.Parameter is { } parameter)
        {
            notes["parameter"] = parameter;
        }

        if (facts.Base is { } image)
        {
            notes["name"] = image.Name;
            notes["owner"] = image.OwnerId;
            if (image.CreatedAt is { } created)
            {
                notes["createdAt"] = ProofJson.Time(created);
            }
        }

        return new JsonObject
        {
            ["name"] = "base",
            ["uri"] = arn,
            ["digest"] = new JsonObject { ["arn"] = arn },
            ["annotations"] = notes,
        };
    }

    private static JsonObject Step(Step step, string region)
    {
        if (step.Script is not { } script)
        {
            return new JsonObject { ["name"] = $"step {step.Name}", ["uri"] = $"arn:aws:ssm:{region}::document/{step.Document}" };
        }

        var described = Described($"step {step.Name}", ProofJson.Sha256(script));
        if (step.ScriptPath is { } path)
        {
            described["uri"] = Uri(path);
        }

        return described;
    }

    private static JsonObject Described(string name, string sha256) =>
        new()
        {
            ["name"] = name,
            ["digest"] = new JsonObject { ["sha256"] = sha256 },
        };

    // A path says nothing beyond its own checkout, so it is a relative reference.
    private static string Uri(string path) => string.Join('/', path.Replace('\\', '/').Split('/').Select(System.Uri.EscapeDataString));
}
