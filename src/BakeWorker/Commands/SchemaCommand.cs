using System.CommandLine;
using BakeWorker.Core.Bakes;

namespace BakeWorker.Commands;

/// <summary><c>schema</c>: the JSON Schemas of what other programs and editors write and read.</summary>
internal static class SchemaCommand
{
    private static readonly Dictionary<string, Func<string>> Known = new()
    {
        ["request"] = () => Schemas.Request,
        ["recipe"] = () => Schemas.Recipe,
        ["policy"] = () => Schemas.Policy,
        ["result"] = () => Schemas.Result,
        ["waivers"] = () => Schemas.Waivers,
    };

    public static Command Create(Shell shell)
    {
        var name = new Argument<string>("NAME") { Description = string.Join(", ", Known.Keys), HelpName = string.Join('|', Known.Keys) };
        name.AcceptOnlyFromAmong([.. Known.Keys]);
        var command = new Command("schema", "Prints the JSON Schema of a request, a recipe, a policy or a result") { name };
        command.SetAction(parsed => shell.Terminal.Output.WriteLine(Known[parsed.GetRequiredValue(name)]().TrimEnd()));
        return command;
    }
}
