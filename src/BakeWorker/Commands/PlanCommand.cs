using System.CommandLine;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Planning;
using BakeWorker.Core.Recipes;
using BakeWorker.Output;
using BakeWorker.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.Commands;

/// <summary><c>plan</c>: what a bake would do, and what recipe, base and the operator's policy say to each other.</summary>
internal static class PlanCommand
{
    public static Command Create(Shell shell)
    {
        var recipe = new Argument<string>("RECIPE") { Description = "Name of a recipe, or the path of its folder" };
        var parameters = ParameterOption.Create();
        var cloud = new Option<string>("--cloud")
        {
            Description = "Where it would be baked: on this machine, or in the account of your AWS credentials",
            DefaultValueFactory = _ => "local",
        };
        cloud.AcceptOnlyFromAmong("local", "aws");
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var (local, common) = (new LocalOptions(1), new CommonOptions());
        var command = new Command("plan", "Shows what a bake would do, and what would stop it; changes nothing")
        {
            recipe,
            parameters,
            cloud,
            json,
        };
        local.AddTo(command);
        common.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                var plan = await PlanAsync(
                    shell,
                    parsed.GetRequiredValue(recipe),
                    ParameterOption.Read(parsed.GetValue(parameters) ?? []),
                    parsed.GetRequiredValue(cloud) == "local",
                    local.Read(parsed),
                    common.Read(parsed),
                    ct
                );
                if (parsed.GetValue(json))
                {
                    shell.Terminal.Output.WriteLine(PlanJson.Write(plan));
                }
                else
                {
                    new PlanText(shell.Terminal.Answers).Write(plan);
                }

                return plan.IsRefused ? ExitCodes.Rejected : ExitCodes.Done;
            }
        );
        return command;
    }

    private static async Task<BakePlan> PlanAsync(
        Shell shell,
        string nameOrPath,
        IReadOnlyDictionary<string, string> parameters,
        bool isLocal,
        LocalArguments local,
        CommonArguments common,
        CancellationToken ct
    )
    {
        var settings = CommandHost.Load(shell, common, local, isLocal);
        var recipe = new RecipeSource(Folders.Recipes(settings.Worker, shell), shell.Time).RequireNameOrPath(nameOrPath);
        var request = Requests.Check(
            new BakeRequest
            {
                Recipe = recipe.Name,
                RequestId = Requests.NewId(shell),
                Parameters = parameters,
            }
        );
        var values = ParameterBinder.Require(recipe, request);
        await using var embedded = await CommandHost.LookAsync(shell, settings, local, isLocal, ct);
        using var host = CommandHost.Open(shell, settings, common, embedded);
        return await host.Services.GetRequiredService<BakePlanner>().PlanAsync(recipe, values, ct);
    }
}
