using System.CommandLine;
using BakeWorker.Checks;
using BakeWorker.Output;
using BakeWorker.Settings;

namespace BakeWorker.Commands;

/// <summary><c>doctor</c>: what of the account and the settings bakes would fail by, and how to mend it.</summary>
internal static class DoctorCommand
{
    private const int MostRetries = 2;

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
                var (checks, isJson) = (new List<Check>(), parsed.GetValue(json));
                await ExamineAsync(shell, common.Read(parsed), Tell, ct);
                if (isJson)
                {
                    shell.Terminal.Output.WriteLine(DoctorText.ToJson(checks));
                }
                else
                {
                    DoctorText.WriteSum(shell.Terminal, checks);
                }

                return checks.Exists(check => check.State == CheckState.Fault) ? ExitCodes.Failed : ExitCodes.Done;

                void Tell(Check check)
                {
                    checks.Add(check);
                    if (!isJson)
                    {
                        DoctorText.Write(shell.Terminal, check);
                    }
                }
            }
        );
        return command;
    }

    private static async Task ExamineAsync(Shell shell, CommonArguments common, Action<Check> tell, CancellationToken ct)
    {
        var settings = LoadedSettings.Load(
            shell,
            common.Settings,
            settings =>
            {
                common.Apply(settings);
                // A person waits, and what does not answer is what they want to know.
                settings.Aws.CallRetries = Math.Min(settings.Aws.CallRetries, MostRetries);
                LocalDefaults.FillIfLoopback(settings, shell);
            }
        );
        using var host = CommandHost.Open(shell, settings, common);
        var folder = shell.ShortPath(Folders.Recipes(settings.Worker, shell));
        await new Doctor(Exams.Of(host.Services, settings.Worker, folder)).ExamineAsync(tell, ct);
    }
}
