using System.CommandLine;
using BakeWorker.Checks;
using BakeWorker.Output;
using BakeWorker.Settings;

namespace BakeWorker.Commands;

/// <summary><c>doctor</c>: what of the account and the settings bakes would fail by, and how to mend it.</summary>
internal static class DoctorCommand
{
    public static Command Create(Shell shell)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var common = new CommonOptions();
        var command = new Command("doctor", "Looks at everything that bakes need of the account, and says how to mend it; changes nothing")
        {
            json,
        };
        common.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                var checks = await ExamineAsync(shell, common.Read(parsed), ct);
                if (parsed.GetValue(json))
                {
                    shell.Terminal.Output.WriteLine(DoctorText.ToJson(checks));
                }
                else
                {
                    DoctorText.Write(shell.Terminal, checks);
                }

                return checks.Any(check => check.State == CheckState.Fault) ? ExitCodes.Failed : ExitCodes.Done;
            }
        );
        return command;
    }

    private static async Task<IReadOnlyList<Check>> ExamineAsync(Shell shell, CommonArguments common, CancellationToken ct)
    {
        var settings = LoadedSettings.Load(
            shell,
            common.Settings,
            settings =>
            {
                common.Apply(settings);
                LocalDefaults.FillIfLoopback(settings, shell);
            }
        );
        using var host = CommandHost.Open(shell, settings, common);
        var folder = shell.ShortPath(Folders.Recipes(settings.Worker, shell));
        return await new Doctor(Exams.Of(host.Services, settings.Worker, folder)).ExamineAsync(ct);
    }
}
