using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.Settings;

namespace BakeWorker.Commands;

/// <summary><c>shell</c>: root's shell in a guest of this machine that runs, or on AWS the session that Systems Manager opens.</summary>
internal static class ShellCommand
{
    public static Command Create(Shell shell)
    {
        var instance = new Argument<string>("INSTANCE") { Description = "Id of the instance" };
        var rest = new Argument<string[]>("COMMAND")
        {
            Description = "Run this instead of a shell, behind '--'; only in guests of this machine",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var data = new Option<string?>("--data") { Description = "Data folder of the command that runs the guest", HelpName = "FOLDER" };
        var common = new CommonOptions();
        var command = new Command("shell", "Opens a shell in the builder that a bake has kept, or in any other guest")
        {
            instance,
            rest,
            data,
        };
        common.AddTo(command);
        command.SetAction(
            (parsed, _) =>
                RunAsync(shell, parsed.GetRequiredValue(instance), parsed.GetValue(rest) ?? [], parsed.GetValue(data), common.Read(parsed))
        );
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, string instance, string[] command, string? data, CommonArguments common)
    {
        var settings = LoadedSettings
            .Load(
                shell,
                common.Settings,
                settings =>
                {
                    common.Apply(settings);
                    settings.Data = data ?? settings.Data;
                }
            )
            .Worker;
        var doors = new GuestDoors(Folders.Cache(settings, shell) ?? Path.Combine(Folders.Data(settings, shell), "cache"));
        if (doors.Find(instance) is { } door)
        {
            return await RunAsync([.. door.Command, .. command], door.Variables);
        }

        var session = Session(instance, LocalDefaults.FindRegion(settings, shell));
        var running = doors.Open();
        var here = running.Count == 0 ? "no guest runs on this machine" : $"on this machine run {string.Join(", ", running)}";
        if (command.Length > 0)
        {
            throw new UsageException($"{here}, and Systems Manager opens a shell only, by: {string.Join(' ', session)}");
        }

        shell.Terminal.Say($"{here}, so AWS is asked: {string.Join(' ', session)}");
        return await RunAsync(session, new Dictionary<string, string>());
    }

    private static string[] Session(string instance, string? region) =>
        ["aws", "ssm", "start-session", .. region is null ? [] : new[] { "--region", region }, "--target", instance];

    // It gets this terminal as it is; an interrupt is for what runs in it.
    private static async Task<int> RunAsync(string[] command, IReadOnlyDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        }
        catch (Win32Exception exception)
        {
            throw new UsageException(
                $"{command[0]} cannot be run here ({exception.Message}); install it, or run elsewhere: {string.Join(' ', command)}"
            );
        }
    }
}
