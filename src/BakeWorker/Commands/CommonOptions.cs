using System.CommandLine;
using BakeWorker.Settings;

namespace BakeWorker.Commands;

/// <summary>Options of every command that reads settings.</summary>
internal sealed class CommonOptions
{
    private readonly Option<string?> _recipes = new("--recipes")
    {
        Description = "Folder of the recipes (default: 'recipes' here, else the one that came with the program)",
        HelpName = "FOLDER",
    };

    private readonly Option<string?> _policy = new("--policy")
    {
        Description = "The operator's policy file (default: BakeWorker:Bakery:Policy, else safe defaults)",
        HelpName = "FILE",
    };

    private readonly Option<string?> _region = new("--region")
    {
        Description = "Region to work in (default: BakeWorker:Aws:Region, else AWS_REGION)",
        HelpName = "NAME",
    };

    private readonly Option<string?> _file = new("--settings")
    {
        Description = "A further settings file, like appsettings.json",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _values = new("--set")
    {
        Description = "One setting below BakeWorker, such as Consumer:Concurrency=5; may be repeated",
        HelpName = "NAME=VALUE",
    };

    private readonly Option<bool> _verbose = new("--verbose") { Description = "Log to standard error what happens inside" };

    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)[_recipes, _policy, _region, _file, _values, _verbose])
        {
            command.Add(option);
        }
    }

    public CommonArguments Read(ParseResult parsed) =>
        new(new SettingArguments(parsed.GetValue(_file), parsed.GetValue(_values) ?? []))
        {
            Recipes = parsed.GetValue(_recipes),
            Policy = parsed.GetValue(_policy),
            Region = parsed.GetValue(_region),
            IsVerbose = parsed.GetValue(_verbose),
        };
}

/// <summary>What <see cref="CommonOptions"/> were given.</summary>
internal sealed record CommonArguments(SettingArguments Settings)
{
    public string? Recipes { get; init; }
    public string? Policy { get; init; }
    public string? Region { get; init; }
    public bool IsVerbose { get; init; }

    /// <summary>The command line is the last source of settings.</summary>
    public void Apply(WorkerSettings settings)
    {
        settings.Recipes = Recipes ?? settings.Recipes;
        settings.Bakery.Policy = Policy ?? settings.Bakery.Policy;
        settings.Aws.Region = Region ?? settings.Aws.Region;
    }
}
