using System.CommandLine;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Retiring;
using BakeWorker.Output;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.Commands;

/// <summary><c>retire</c>: what becomes of every released image, with the reason for each.</summary>
internal static class RetireCommand
{
    public static Command Create(Shell shell)
    {
        var recipe = new Argument<string?>("RECIPE")
        {
            Description = "Name of a recipe, or a path such as ./my-recipe (default: every recipe)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the plan and change nothing" };
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var common = new CommonOptions();
        var command = new Command("retire", "Takes released images that nobody needs any more one step further out of use")
        {
            recipe,
            dryRun,
            json,
        };
        common.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                var isDryRun = parsed.GetValue(dryRun);
                var reports = await RunAsync(shell, parsed.GetValue(recipe), !isDryRun, common.Read(parsed), ct);
                if (parsed.GetValue(json))
                {
                    shell.Terminal.Output.WriteLine(RetireText.ToJson(reports, isDryRun));
                }
                else
                {
                    new RetireText(shell.Terminal).Write(reports, isDryRun);
                }

                return reports.Any(report => report.Problems.Count > 0 || report.Decisions.Any(decision => decision.Failure is not null))
                    ? ExitCodes.Failed
                    : ExitCodes.Done;
            }
        );
        return command;
    }

    private static async Task<List<RetireReport>> RunAsync(
        Shell shell,
        string? recipe,
        bool apply,
        CommonArguments common,
        CancellationToken ct
    )
    {
        using var host = CommandHost.Open(shell, common);
        var (source, retirement) = (host.Services.GetRequiredService<RecipeSource>(), host.Services.GetRequiredService<Retirement>());
        var recipes = recipe is null ? RecipeCatalog.Load(source).Recipes : [source.RequireNameOrPath(recipe)];
        var reports = new List<RetireReport>();
        foreach (var one in recipes)
        {
            reports.Add(await retirement.RunAsync(one, apply, ct));
        }

        return reports;
    }
}
