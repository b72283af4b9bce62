using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using BakeWorker.Commands;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Binding;

namespace BakeWorker;

/// <summary>The command line: one executable, one call from arguments to exit code.</summary>
public static class Cli
{
    public const string Name = "bakeworker";

    public static string Version { get; } =
        typeof(Cli).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Carries out one command. <paramref name="stop"/> asks it to stop and clean up.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Shell shell, CancellationToken stop)
    {
        var parsed = Build(shell).Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is null or ParseErrorAction)
        {
            return Refuse(shell, parsed);
        }

        try
        {
            var streams = new InvocationConfiguration
            {
                Output = shell.Terminal.Output,
                Error = shell.Terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(streams, stop);
        }
        catch (Exception exception)
        {
            return Fail(exception, shell, stop);
        }
    }

    private static RootCommand Build(Shell shell) =>
        new("Turns bake requests into tested, scanned, published machine images.")
        {
            RunCommand.Create(shell),
            BakeCommand.Create(shell),
            LocalCommand.Create(shell),
            SubmitCommand.Create(shell),
            InitCommand.Create(shell),
            ShellCommand.Create(shell),
            ValidateCommand.Create(shell),
            PlanCommand.Create(shell),
            StatusCommand.Create(shell),
            HealthCommand.Create(shell),
            DoctorCommand.Create(shell),
            CancelCommand.Create(shell),
            RollbackCommand.Create(shell),
            RetireCommand.Create(shell),
            SweepCommand.Create(shell),
            VerifyCommand.Create(shell),
            DiffCommand.Create(shell),
            PolicyCommand.Create(shell),
            SchemaCommand.Create(shell),
        };

    private static int Refuse(Shell shell, ParseResult parsed)
    {
        // A word that nothing takes is the mistake; that a command is missing only follows from it.
        var errors = parsed.Errors.Select(error => error.Message).Distinct();
        foreach (var error in errors.Skip(parsed is { UnmatchedTokens.Count: > 0, CommandResult.Command: RootCommand } ? 1 : 0))
        {
            // The parser lists alternatives one a line; a mistake is one line.
            shell.Terminal.Say($"{Name}: {string.Join(' ', error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
        }

        var command = parsed.CommandResult.Command;
        string[] known = [.. command.Subcommands.Select(known => known.Name), .. command.Options.Select(known => known.Name)];
        foreach (var meant in parsed.UnmatchedTokens.Select(token => Suggestion.For(token, known)).OfType<string>())
        {
            shell.Terminal.Say($"Did you mean '{meant}'?");
        }

        var names = command is RootCommand ? Name : $"{Name} {command.Name}";
        shell.Terminal.Say($"See '{names} --help'.");
        return ExitCodes.Invalid;
    }

    private static int Fail(Exception exception, Shell shell, CancellationToken stop)
    {
        switch (exception)
        {
            case UsageException:
                shell.Terminal.Say($"{Name}: {exception.Message}");
                return ExitCodes.Invalid;
            case BakeFailedException failure:
                shell.Terminal.Say($"{Name}: {failure.Message}");
                return ExitCodes.For(failure.Kind);
            case OperationCanceledException when stop.IsCancellationRequested:
                shell.Terminal.Say($"{Name}: stopped.");
                return ExitCodes.Cancelled;
            // A full disk, a closed stream or missing rights: the machine's, not ours.
            case IOException or UnauthorizedAccessException:
                shell.Terminal.Say($"{Name}: this machine cannot read or write what is needed: {exception.Message}");
                return ExitCodes.Failed;
            default:
                shell.Terminal.Say($"{Name}: this is a defect of {Name}, please report it:\n{exception}");
                return ExitCodes.Failed;
        }
    }
}
