using System.CommandLine;
using BakeWorker.Core.Sweeping;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.Commands;

/// <summary><c>cancel</c>: asks the worker that owns a bake to stop it and to clean up.</summary>
internal static class CancelCommand
{
    public static Command Create(Shell shell)
    {
        var bake = new Argument<string>("BAKE") { Description = "Id of the bake, as 'bakeworker status' shows it" };
        var common = new CommonOptions();
        var command = new Command("cancel", "Asks the worker of a bake to stop it and to clean up") { bake };
        common.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(shell, parsed.GetRequiredValue(bake), common.Read(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, string bake, CommonArguments common, CancellationToken ct)
    {
        using var host = CommandHost.Open(shell, common);
        var answer = await host.Services.GetRequiredService<BakeCancelling>().AskAsync(bake, ct);
        shell.Terminal.Output.WriteLine($"{bake} is asked to stop: {string.Join(", ", answer.Marked)} marked.");
        shell.Terminal.Say(
            answer.MayBeTooLate
                ? "publishing began meanwhile, so it may be too late; its result tells."
                : "its worker sees that at its next look, or the next attempt does first of all."
        );
        return ExitCodes.Done;
    }
}
