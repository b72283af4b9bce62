using System.CommandLine;

namespace BakeWorker.Commands;

/// <summary><c>--param NAME=VALUE</c> and <c>--label NAME=VALUE</c>, as often as needed.</summary>
internal static class ParameterOption
{
    public static Option<string[]> Create() =>
        new("--param", "-p") { Description = "A parameter of the recipe; may be repeated", HelpName = "NAME=VALUE" };

    public static Option<string[]> CreateLabel() =>
        new("--label") { Description = "With RECIPE *: only recipes that have this label; may be repeated", HelpName = "NAME=VALUE" };

    public static IReadOnlyDictionary<string, string> Read(IEnumerable<string> given, string option = "--param")
    {
        var parameters = new Dictionary<string, string>();
        foreach (var text in given)
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } name, var value])
            {
                throw new UsageException($"{option} takes NAME=VALUE, not '{text}'.");
            }

            if (!parameters.TryAdd(name, value))
            {
                throw new UsageException($"{option} {name} is given twice; give it once.");
            }
        }

        return parameters;
    }
}
