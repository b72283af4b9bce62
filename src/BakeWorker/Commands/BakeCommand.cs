using System.CommandLine;

namespace BakeWorker.Commands;

/// <summary><c>bake</c>: one bake without a queue, on the embedded LocalCloud or on AWS.</summary>
internal static class BakeCommand
{
    /// <summary>AWS's delays shrink to fractions of a second; what steps do takes the time it takes.</summary>
    private const double DefaultSpeed = 1000;

    public static Command Create(Shell shell)
    {
        var recipe = new Argument<string>("RECIPE") { Description = "Name of a recipe, or the path of its folder" };
        var parameters = ParameterOption.Create();
        var local = new LocalOptions(DefaultSpeed);
        var cloud = new Option<string>("--cloud")
        {
            Description = "Where to bake: on this machine, or in the account of your AWS credentials",
            DefaultValueFactory = _ => "local",
        };
        cloud.AcceptOnlyFromAmong("local", "aws");
        var json = new Option<bool>("--json") { Description = "Print the result as one JSON document" };
        var requestId = new Option<string?>("--request-id")
        {
            Description = "Your own id: the same recipe and id is the same bake (default: a new one each time)",
            HelpName = "ID",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Everything up to the first change" };
        var until = new Option<string?>("--until")
        {
            Description = "Stop when this step has ended, and keep the builder to look into",
            HelpName = "STEP",
        };
        var keep = new Option<bool>("--keep") { Description = "Keep the builder of a bake that fails, whatever the recipe says" };
        var common = new CommonOptions();
        var command = new Command("bake", "Bakes one image and shows how")
        {
            recipe,
            parameters,
            cloud,
            json,
            requestId,
            dryRun,
            until,
            keep,
        };
        local.AddTo(command);
        common.AddTo(command);
        command.SetAction(
            (parsed, ct) =>
                new OneBake(
                    shell,
                    new BakeArguments(parsed.GetRequiredValue(recipe), common.Read(parsed), local.Read(parsed))
                    {
                        Parameters = ParameterOption.Read(parsed.GetValue(parameters) ?? []),
                        IsLocal = parsed.GetRequiredValue(cloud) == "local",
                        IsJson = parsed.GetValue(json),
                        RequestId = parsed.GetValue(requestId),
                        IsDryRun = parsed.GetValue(dryRun),
                        Until = parsed.GetValue(until),
                        IsKept = parsed.GetValue(keep) || parsed.GetValue(until) is not null,
                    }
                ).RunAsync(ct)
        );
        return command;
    }
}

/// <summary>What <c>bake</c> was asked for.</summary>
internal sealed record BakeArguments(string Recipe, CommonArguments Common, LocalArguments Local)
{
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }
    public required bool IsLocal { get; init; }
    public required bool IsJson { get; init; }
    public required string? RequestId { get; init; }
    public required bool IsDryRun { get; init; }

    /// <summary>The step after which to stop; null for a whole bake.</summary>
    public required string? Until { get; init; }

    /// <summary>Whether the builder stays unless the image is published.</summary>
    public required bool IsKept { get; init; }
}
