using System.CommandLine;
using BakeWorker.Core.Cloud;
using BakeWorker.Output;
using Microsoft.Extensions.DependencyInjection;
using Command = System.CommandLine.Command;

namespace BakeWorker.Commands;

/// <summary><c>status</c>: the bakes that the cloud knows of. There is no other record to ask.</summary>
internal static class StatusCommand
{
    public static Command Create(Shell shell)
    {
        var bake = new Argument<string?>("BAKE")
        {
            Description = "Only this bake, by its id, or those of one recipe",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var cloud = CloudOption.Create();
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var (local, common) = (new LocalOptions(1), new CommonOptions());
        var command = new Command("status", "Shows the bakes that the cloud knows of") { bake, cloud, json };
        local.AddTo(command);
        common.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                var isLocal = parsed.GetRequiredValue(cloud) == CloudOption.Local;
                var bakes = await ReadAsync(shell, isLocal, local.Read(parsed), common.Read(parsed), ct);
                var wanted = parsed.GetValue(bake) is { } name
                    ? [.. bakes.Where(seen => seen.BakeId == name || seen.Recipe == name)]
                    : bakes;
                Print(shell, wanted, parsed.GetValue(bake), parsed.GetValue(json));
                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static async Task<IReadOnlyList<SeenBake>> ReadAsync(
        Shell shell,
        bool isLocal,
        LocalArguments local,
        CommonArguments common,
        CancellationToken ct
    )
    {
        var settings = CommandHost.Load(shell, common, local, isLocal);
        await using var embedded = await CommandHost.LookAsync(shell, settings, local, isLocal, ct);
        using var host = CommandHost.Open(shell, settings, common, embedded);
        return await SeenBake.ListAsync(host.Services.GetRequiredService<ICloud>(), ct);
    }

    private static void Print(Shell shell, IReadOnlyList<SeenBake> bakes, string? wanted, bool isJson)
    {
        if (isJson)
        {
            shell.Terminal.Output.WriteLine(SeenBake.ToJson(bakes));
        }
        else if (bakes.Count == 0)
        {
            shell.Terminal.Say(
                wanted is null
                    ? "no bake is known there."
                    : $"no bake is known there that is or is of {wanted}; it waits for a worker, or has ended without an image."
            );
        }
        else
        {
            new StatusTable(shell.Terminal.Answers, shell.Time).Write(bakes);
        }
    }
}
