using BakeWorker.Commands;
using Microsoft.Extensions.Configuration;

namespace BakeWorker.Settings;

/// <summary>The settings of this process, checked, and the configuration they came from.</summary>
public sealed record LoadedSettings(WorkerSettings Worker, IConfigurationRoot Configuration)
{
    /// <summary>
    /// Later sources win: appsettings.json beside the program, appsettings.json in the working folder, the given file, the environment,
    /// <c>--set</c>. Throws one <see cref="UsageException"/> that names every error.
    /// </summary>
    /// <param name="prepare">Fills in what depends on the command and is not set; runs before the rules.</param>
    /// <param name="rules">What the command needs besides the common rules.</param>
    public static LoadedSettings Load(
        Shell shell,
        SettingArguments arguments,
        Action<WorkerSettings>? prepare = null,
        params IReadOnlyList<Func<WorkerSettings, IEnumerable<string>>> rules
    )
    {
        var configuration = Read(shell, arguments);
        var (reader, settings) = (new SettingsReader(), new WorkerSettings());
        reader.Read(configuration.GetSection(WorkerSettings.Section), WorkerSettings.Section, settings);
        settings.Bakery.Worker = settings.Bakery.Worker is "" ? Environment.MachineName : settings.Bakery.Worker;
        prepare?.Invoke(settings);
        // A value that could not be read keeps its default, so the rules judge only what is known.
        IReadOnlyList<string> errors = [.. reader.Errors, .. SettingsRules.Common(settings), .. rules.SelectMany(rule => rule(settings))];
        return errors.Count == 0
            ? new LoadedSettings(settings, configuration)
            : throw new UsageException(string.Join('\n', errors.Distinct()));
    }

    private static IConfigurationRoot Read(Shell shell, SettingArguments arguments)
    {
        var builder = new ConfigurationBuilder();
        builder.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
        builder.AddJsonFile(shell.FullPath("appsettings.json"), optional: true);
        if (arguments.File is { } file)
        {
            builder.AddJsonFile(
                File.Exists(shell.FullPath(file)) ? shell.FullPath(file) : throw new UsageException($"there is no settings file {file}."),
                optional: false
            );
        }

        builder.AddInMemoryCollection(
            shell.Environment.Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":"), (string?)pair.Value))
        );
        builder.AddInMemoryCollection(arguments.Values.Select(Pair));
        try
        {
            return builder.Build();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            // The outermost names the file, the innermost the place in it.
            throw new UsageException(
                exception.GetBaseException() is var cause && cause == exception ? exception.Message : $"{exception.Message} {cause.Message}"
            );
        }
    }

    private static KeyValuePair<string, string?> Pair(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } key, var value]
            ? new($"{WorkerSettings.Section}:{key.Replace('.', ':')}", value)
            : throw new UsageException($"--set takes NAME=VALUE, such as Consumer:Concurrency=5, not '{text}'.");
}

/// <summary>Settings on the command line: a further file, and single values.</summary>
public sealed record SettingArguments(string? File, IReadOnlyList<string> Values)
{
    public static readonly SettingArguments None = new(null, []);
}
