using System.CommandLine;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Publishing;
using BakeWorker.Core.Recipes;
using BakeWorker.Output;
using Microsoft.Extensions.DependencyInjection;
using Command = System.CommandLine.Command;

namespace BakeWorker.Commands;

/// <summary><c>rollback</c>: pointers and launch templates back to the previous good image, in every Region.</summary>
internal static class RollbackCommand
{
    public static Command Create(Shell shell)
    {
        var recipe = new Argument<string>("RECIPE") { Description = "Name of a recipe, or a path such as ./my-recipe" };
        var to = new Option<string?>("--to")
        {
            Description = "An image to go to, in any Region (default: the newest good one before the current one)",
            HelpName = "AMI",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var common = new CommonOptions();
        var command = new Command("rollback", "Moves pointers and launch templates back to the previous good image, in every Region")
        {
            recipe,
            to,
            json,
        };
        common.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                var named = parsed.GetValue(to) is { } id ? new ImageId(id) : (ImageId?)null;
                var report = await RunAsync(shell, parsed.GetRequiredValue(recipe), named, common.Read(parsed), ct);
                if (parsed.GetValue(json))
                {
                    shell.Terminal.Output.WriteLine(RollbackText.ToJson(report));
                }
                else
                {
                    new RollbackText(shell.Terminal).Write(report);
                }

                return report.IsComplete ? ExitCodes.Done : ExitCodes.Failed;
            }
        );
        return command;
    }

    private static async Task<RollbackReport> RunAsync(
        Shell shell,
        string recipe,
        ImageId? to,
        CommonArguments common,
        CancellationToken ct
    )
    {
        using var host = CommandHost.Open(shell, common);
        var found = host.Services.GetRequiredService<RecipeSource>().RequireNameOrPath(recipe);
        return await host.Services.GetRequiredService<Rollback>().RunAsync(found, to, ct);
    }
}
