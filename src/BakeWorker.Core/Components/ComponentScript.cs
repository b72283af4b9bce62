using System.Globalization;
using System.Text;
using BakeWorker.Core.Components.Modules;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Components;

/// <summary>The script of a step of a component, with its environment in the notation of recipes.</summary>
internal sealed record ComponentScript(string Text, IReadOnlyDictionary<string, string> Environment)
{
    private static readonly Lazy<string> Functions = new(ReadFunctions);

    /// <param name="title">For people who find it in a guest.</param>
    public static ComponentScript Of(ModuleCall call, string title, IReadOnlyList<ChainedOutput> chained, Platform platform) =>
        call switch
        {
            { Commands: { } commands } when platform == Platform.Windows => new(
                $"# {title}\n{ComponentVariables.Plain(commands)}",
                call.Environment
            ),
            { Commands: { } commands } when chained.Count == 0 => new(
                $"#!/bin/bash\n# {title}\n{ComponentVariables.Plain(commands)}",
                call.Environment
            ),
            { Commands: { } commands } => WithFunctions(
                ["exec /bin/bash -c \"$COMMANDS\""],
                new Dictionary<string, string> { ["COMMANDS"] = commands },
                title,
                chained
            ),
            { Lines.Count: 0 } => new(
                platform == Platform.Windows ? $"# {title}\nexit 0\n" : $"#!/bin/sh\n# {title}\nexit 0\n",
                call.Environment
            ),
            _ => WithFunctions(call.Lines, call.Environment, title, chained),
        };

    private static ComponentScript WithFunctions(
        IReadOnlyList<string> lines,
        IReadOnlyDictionary<string, string> environment,
        string title,
        IReadOnlyList<ChainedOutput> chained
    )
    {
        var text = new StringBuilder(Functions.Value).Append(CultureInfo.InvariantCulture, $"\n# {title}\n");
        foreach (var (index, output) in chained.DistinctBy(output => output.Token).Index())
        {
            text.Append(CultureInfo.InvariantCulture, $"take OUT_{index + 1} {string.Join(' ', output.Keys)}\n");
            foreach (var variable in environment.Where(value => value.Value.Contains(output.Token, StringComparison.Ordinal)))
            {
                text.Append(CultureInfo.InvariantCulture, $"fill {variable.Key} {Quoted(output.Token)} \"$OUT_{index + 1}\"\n");
            }
        }

        return new ComponentScript(text.AppendJoin('\n', lines).Append('\n').ToString(), environment);
    }

    // The names of steps are anything that fits on a line.
    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string ReadFunctions()
    {
        using var stream = typeof(ComponentScript).Assembly.GetManifestResourceStream("BakeWorker.Scripts.component.sh")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
