using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Proofs;
using BakeWorker.Core.Publishing;
using BakeWorker.Core.Recipes;
using BakeWorker.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.Checks;

/// <summary>Which exams these settings call for, in the order in which faults follow from each other.</summary>
internal static class Exams
{
    public static IReadOnlyList<Exam> Of(IServiceProvider services, WorkerSettings settings, string folder)
    {
        var catalog = RecipeCatalog.Load(services.GetRequiredService<RecipeSource>());
        var account = new AccountExam(services.GetRequiredService<ICloud>());
        return
        [
            new("account", account.AccountAsync) { IsEntrance = true },
            new("settings", _ => SettingsAsync(settings)) { IsOffline = true },
            .. Queues(services.GetRequiredService<IQueues>(), settings),
            .. Networks(services.GetRequiredService<ICloud>().Home.Networks, settings.Bakery),
            new("inspector", account.InspectorAsync),
            .. Proofs(services, settings),
            new("recipes", _ => RecipeExam.FolderAsync(catalog, folder)) { IsOffline = true },
            .. Recipes(services, settings, catalog),
        ];
    }

    private static async IAsyncEnumerable<Check> SettingsAsync(WorkerSettings settings)
    {
        await Task.CompletedTask;
        string[] errors = [.. SettingsRules.Launching(settings), .. SettingsRules.Queue(settings)];
        foreach (var error in errors)
        {
            yield return Check.Fault("settings", error, "set it; docs/operations.md has all settings");
        }

        if (errors.Length == 0)
        {
            yield return Check.Ok("settings", "all that a worker needs is set");
        }
    }

    private static IEnumerable<Exam> Queues(IQueues queues, WorkerSettings settings)
    {
        var (aws, exam) = (settings.Aws, new QueueExam(queues, settings.Consumer));
        foreach (var (setting, name) in new[] { ("Aws:Queue", aws.Queue), ("Aws:NightlyQueue", aws.NightlyQueue) })
        {
            if (!string.IsNullOrEmpty(name))
            {
                yield return new Exam(setting, ct => exam.RequestsAsync(setting, name, ct));
            }
        }

        (string, string?)[] others =
        [
            ("Aws:DeadLetterQueue", aws.DeadLetterQueue),
            ("Aws:ResultsQueue", aws.ResultsQueue),
            ("Aws:EventsQueue", aws.EventsQueue),
        ];
        foreach (var (setting, name) in others)
        {
            if (!string.IsNullOrEmpty(name))
            {
                yield return new Exam(setting, ct => exam.PlainAsync(setting, name, ct));
            }
        }
    }

    private static IEnumerable<Exam> Networks(INetworks networks, BakeryOptions bakery)
    {
        var exam = new NetworkExam(networks);
        const string builders = "Bakery:BuilderSubnets";
        const string sandbox = "Bakery:SandboxSubnets";
        const string ofBuilders = "Bakery:BuilderSecurityGroups";
        const string ofSandbox = "Bakery:SandboxSecurityGroups";
        yield return new Exam(builders, ct => exam.BuildersAsync(builders, bakery.BuilderSubnets, ct));
        yield return new Exam(sandbox, ct => exam.SandboxAsync(sandbox, bakery.SandboxSubnets, ct));
        yield return new Exam(ofBuilders, ct => exam.GroupsAsync(ofBuilders, bakery.BuilderSecurityGroups, bakery.BuilderSubnets, ct));
        yield return new Exam(ofSandbox, ct => exam.GroupsAsync(ofSandbox, bakery.SandboxSecurityGroups, bakery.SandboxSubnets, ct));
    }

    private static IEnumerable<Exam> Proofs(IServiceProvider services, WorkerSettings settings)
    {
        // Without a place or a key there is nothing to look at, and the settings have said so.
        if (SettingsRules.Proof(settings).Any())
        {
            yield break;
        }

        var (proof, exam) = (
            settings.Proof,
            new ProofExam(services.GetRequiredService<IProofStore>(), services.GetRequiredService<IProofKey>())
        );
        yield return new Exam("proofs", ct => exam.PlaceAsync(proof.Bucket.Length > 0 ? proof.Bucket : proof.Folder, ct));
        yield return new Exam("proof key", ct => exam.KeyAsync(proof.KmsKey.Length > 0 ? proof.KmsKey : proof.KeyFile, ct));
    }

    private static IEnumerable<Exam> Recipes(IServiceProvider services, WorkerSettings settings, RecipeCatalog catalog)
    {
        var exam = new RecipeExam(
            services.GetRequiredService<ICloud>(),
            services.GetRequiredService<BakeIntake>(),
            services.GetRequiredService<CapacityLadder>(),
            services.GetRequiredService<PublishSteps>()
        );
        // One that asks for nothing that only a requester knows stands for all: account, network and profile are the same.
        var sample = catalog.Recipes.FirstOrDefault(recipe => recipe.Parameters.Values.All(parameter => parameter.Default is not null));
        if (sample is not null && settings.Bakery is { BuilderSubnets.Count: > 0, SandboxSubnets.Count: > 0 })
        {
            yield return new Exam("launch", ct => exam.LaunchesAsync(sample, ct));
        }

        foreach (var recipe in catalog.Recipes)
        {
            yield return new Exam($"recipe {recipe.Name}", ct => exam.TargetsAsync(recipe, ct));
        }
    }
}
