using System.CommandLine;
using BakeWorker.Core.Sweeping;
using BakeWorker.Output;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.Commands;

/// <summary><c>sweep</c>: what nobody owns any more, with the reason for each; removes it when told to.</summary>
internal static class SweepCommand
{
    public static Command Create(Shell shell)
    {
        var apply = new Option<bool>("--apply") { Description = "Remove it; without this nothing is changed" };
        var all = new Option<bool>("--all") { Description = "Show what is kept, too, and why" };
        var json = new Option<bool>("--json") { Description = "Print one JSON document, with everything that is kept" };
        var common = new CommonOptions();
        var command = new Command("sweep", "Shows what bakes left that nobody owns any more, and removes it with --apply")
        {
            apply,
            all,
            json,
        };
        common.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                var report = await SweepAsync(shell, parsed.GetValue(apply), common.Read(parsed), ct);
                Print(shell, report, parsed);
                return report.Problems.Count > 0 || report.Items.Any(item => item.LeftBecause is not null)
                    ? ExitCodes.Failed
                    : ExitCodes.Done;
            }
        );
        return command;

        void Print(Shell shell, SweepReport report, ParseResult parsed)
        {
            if (parsed.GetValue(json))
            {
                shell.Terminal.Output.WriteLine(SweepText.ToJson(report, parsed.GetValue(apply)));
            }
            else
            {
                new SweepText(shell.Terminal).Write(report, parsed.GetValue(all), parsed.GetValue(apply));
            }
        }
    }

    private static async Task<SweepReport> SweepAsync(Shell shell, bool apply, CommonArguments common, CancellationToken ct)
    {
        using var host = CommandHost.Open(shell, common);
        return await host.Services.GetRequiredService<Sweep>().RunAsync(apply, ct);
    }
}
