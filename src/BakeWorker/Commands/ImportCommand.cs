using System.CommandLine;
using BakeWorker.LocalCloud.Guests.Host;
using BakeWorker.LocalCloud.Guests.Sandbox;
using BakeWorker.Settings;

namespace BakeWorker.Commands;

/// <summary><c>local import</c>: a root file system of your own as the base disk of sandboxes.</summary>
internal static class ImportCommand
{
    public static Command Create(Shell shell)
    {
        var name = new Argument<string>("NAME") { Description = "Base to make, such as debian-12, ubuntu-24.04 or al2023" };
        var file = new Argument<string>("FILE") { Description = "Tar archive of a root file system, plain or compressed" };
        var data = new Option<string?>("--data") { Description = "As for 'local'", HelpName = "FOLDER" };
        var common = new CommonOptions();
        var command = new Command("import", "Takes a root file system as the base of sandboxes") { name, file, data };
        common.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                var settings = LoadedSettings.Load(shell, common.Read(parsed).Settings).Worker;
                settings.Data = parsed.GetValue(data) ?? settings.Data;
                await RunAsync(shell, parsed.GetRequiredValue(name), shell.FullPath(parsed.GetRequiredValue(file)), settings, ct);
            }
        );
        return command;
    }

    private static async Task RunAsync(Shell shell, string name, string file, WorkerSettings settings, CancellationToken ct)
    {
        if (!File.Exists(file))
        {
            throw new UsageException($"there is no file {file}.");
        }

        var options = new GuestHostOptions { DataFolder = Folders.Data(settings, shell), CacheFolder = Folders.Cache(settings, shell) };
        if (await SandboxSupport.CheckAsync(options, null, ct) is { } obstacle)
        {
            throw new UsageException($"no base can be imported: {obstacle}");
        }

        try
        {
            await using var host = new SandboxGuestHost(options, shell.Time);
            await host.ImportAsync(name, file, ct);
        }
        catch (GuestHostException exception)
        {
            throw new UsageException($"{exception.Message.TrimEnd('.')}.");
        }

        shell.Terminal.Output.WriteLine($"{name} is a base now: instances of its images start from {file}.");
    }
}
