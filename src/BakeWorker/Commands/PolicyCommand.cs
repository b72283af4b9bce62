using System.CommandLine;
using BakeWorker.Aws;
using BakeWorker.Aws.Iam;
using BakeWorker.Core.Recipes;
using BakeWorker.Settings;

namespace BakeWorker.Commands;

/// <summary><c>policy iam</c>: the least that worker, builder and readers must be allowed, for these settings and recipes.</summary>
internal static class PolicyCommand
{
    private static readonly Dictionary<string, Func<IamScope, IamPolicy>> Roles = new()
    {
        ["worker"] = IamPolicies.Worker,
        ["worker-machines"] = IamPolicies.WorkersMachines,
        ["worker-records"] = IamPolicies.WorkersRecords,
        ["builder"] = IamPolicies.Builder,
        ["reader"] = IamPolicies.Reader,
        ["doctor"] = IamPolicies.Doctor,
    };

    public static Command Create(Shell shell)
    {
        var role = new Option<string>("--role")
        {
            Description =
                "The worker, whole or in two halves, the machines it launches, those who only look and verify, or those who ask doctor",
            HelpName = string.Join('|', Roles.Keys),
            DefaultValueFactory = _ => "worker",
        };
        role.AcceptOnlyFromAmong([.. Roles.Keys]);
        var account = new Option<string>("--account")
        {
            Description = "The twelve-digit account, so that nothing in another one is allowed (default: any)",
            HelpName = "ID",
            DefaultValueFactory = _ => "*",
        };
        account.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (token.Value.Length != 12 || !token.Value.All(char.IsAsciiDigit)))
            {
                result.AddError($"--account is {token.Value}; give twelve digits.");
            }
        });
        var common = new CommonOptions();
        var iam = new Command("iam", "Prints the IAM policy that these settings and recipes need") { role, account };
        common.AddTo(iam);
        iam.SetAction(parsed =>
        {
            var scope = Scope(shell, common.Read(parsed), parsed.GetRequiredValue(account));
            var policy = Roles[parsed.GetRequiredValue(role)](scope);
            shell.Terminal.Output.WriteLine(policy.ToJson());
            if (FindExcess(policy) is { } excess)
            {
                shell.Terminal.Say(excess);
            }

            return ExitCodes.Done;
        });
        return new Command("policy", "Prints policies for others to enforce") { iam };
    }

    private static string? FindExcess(IamPolicy policy) =>
        policy.Length switch
        {
            <= IamPolicy.LongestManaged => null,
            <= IamPolicy.LongestInline and var length =>
                $"{length} characters: an inline policy takes them, a managed one only {IamPolicy.LongestManaged}; the halves are --role worker-machines and worker-records.",
            var length =>
                $"{length} characters, and IAM takes {IamPolicy.LongestInline}: let recipes share pointers, queues or documents of one path.",
        };

    private static IamScope Scope(Shell shell, CommonArguments common, string account)
    {
        var settings = LoadedSettings.Load(shell, common.Settings, common.Apply).Worker;
        var recipes = RecipeCatalog.Load(new RecipeSource(Folders.Recipes(settings, shell), shell.Time)).Recipes;
        var home = LocalDefaults.FindRegion(settings, shell);
        var proof = settings.Proof;
        return new IamScope
        {
            Account = account,
            // Without a home Region any list would leave it out.
            Regions = home is null
                ? []
                : [.. recipes.SelectMany(recipe => recipe.Publish.Regions).Concat(settings.Sweep.Regions).Prepend(home).Distinct()],
            Pointers = Named(recipes.Select(recipe => recipe.Publish.Pointer)),
            Schedules = settings.Schedule.Parameters is { Length: > 0 } path ? path : new IamScope().Schedules,
            Bases =
            [
                .. Named(recipes.Select(recipe => recipe.Base.Parameter))
                    .Where(name => !name.StartsWith("/aws/service/", StringComparison.Ordinal)),
            ],
            Documents = Named(recipes.SelectMany(recipe => recipe.Steps).Select(step => step.Document)),
            Queues = Queues(settings.Aws),
            ProofBucket = proof.Bucket,
            ProofPrefix = proof.Prefix,
            ProofKey = proof.KmsKey,
        };
    }

    // The dead-letter queue may be known to the request queue alone. Whoever waits for a result has a queue of its own made for it.
    private static List<string> Queues(AwsOptions aws) =>
        aws is { Queue: { } queue, DeadLetterQueue: { } dead }
            ? Named(
                new[] { queue, dead, aws.NightlyQueue, aws.ResultsQueue, aws.EventsQueue, $"{ResultWait.ReplyQueues}*" }.Select(name =>
                    name?.Split('/')[^1]
                )
            )
            : [];

    private static List<string> Named(IEnumerable<string?> names) =>
        [.. names.OfType<string>().Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal)];
}
