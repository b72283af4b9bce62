using System.Globalization;
using System.Text.RegularExpressions;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Components.Modules;

namespace BakeWorker.Core.Components;

/// <summary>What a step before had, for those that refer to it.</summary>
/// <param name="Keys">What its turns are called in the guest, such as <c>step/web.version</c>.</param>
/// <param name="MayHoldRequest">Whether what it prints may hold a value of the request.</param>
internal sealed record EarlierStep(ActionModule Module, Node? Inputs, IReadOnlyList<string> Keys, bool MayHoldRequest);

/// <summary>The value of one turn of a loop.</summary>
internal sealed record Turn(string LoopName, int Index, string Value);

/// <summary>What an earlier step prints: known only in the guest, so the script puts it in the place of <paramref name="Token"/>.</summary>
internal sealed record ChainedOutput(string Token, IReadOnlyList<string> Keys, bool MayHoldRequest)
{
    /// <summary>The reference as documents write it.</summary>
    public string Shown => $"{{{{ {Token[2..^2]} }}}}";
}

/// <summary>Replaces the <c>{{ … }}</c> in inputs, as far as they are known before the bake.</summary>
internal sealed partial class ComponentReferences(IReadOnlyDictionary<string, string> variables, Problems problems)
{
    // By phase and name. The test of an image is another instance, so it sees nothing of the builder.
    private readonly Dictionary<(string Phase, string Name), EarlierStep> _earlier = [];

    public void Add(string phase, string name, EarlierStep step) => _earlier[(phase, name)] = step;

    /// <summary>The inputs in the notation of recipes; what only the guest will know is noted in <paramref name="chained"/>.</summary>
    public Node Resolve(Node node, string phase, Turn? turn, ICollection<ChainedOutput> chained) =>
        node switch
        {
            ListNode list => list with { Items = [.. list.Items.Select(item => Resolve(item, phase, turn, chained))] },
            MapNode map => map with
            {
                Entries = [.. map.Entries.Select(entry => entry with { Value = Resolve(entry.Value, phase, turn, chained) })],
            },
            ScalarNode scalar => Resolve(scalar, phase, turn, chained),
            _ => node,
        };

    private ScalarNode Resolve(ScalarNode scalar, string phase, Turn? turn, ICollection<ChainedOutput> chained)
    {
        var text = Reference()
            .Replace(
                ComponentVariables.Escaped(scalar.Text),
                found => Find(found.Groups["what"].Value.Trim(), phase, turn, chained, scalar.Place) ?? found.Value
            );
        return text == scalar.Text ? scalar : new ScalarNode(scalar.Place, text, ScalarKind.Text);
    }

    /// <summary>Null for braces that mean something to somebody else, such as a template of docker.</summary>
    private string? Find(string what, string phase, Turn? turn, ICollection<ChainedOutput> chained, Place place)
    {
        if (variables.TryGetValue(what, out var text))
        {
            return text;
        }

        if (Word().IsMatch(what))
        {
            problems.Error(
                place,
                $"{{{{ {what} }}}} is no parameter and no constant of the component; "
                    + (variables.Count == 0 ? "declare it under parameters." : Suggestion.Hint(what, [.. variables.Keys], "these are"))
            );
            return null;
        }

        var parts = what.Split('.');
        if (parts is [var loop, "value" or "index"] && turn is not null && (loop == "loop" || loop == turn.LoopName))
        {
            return parts[1] == "value" ? turn.Value : turn.Index.ToString(CultureInfo.InvariantCulture);
        }

        if (parts[0] == "loop")
        {
            problems.Error(
                place,
                $"{{{{ {what} }}}} is no value of a loop of this step; write loop.value or loop.index in a step with a loop."
            );
            return null;
        }

        if (Chain().Match(what) is { Success: true } chain)
        {
            return FindChained(chain, what, phase, chained, place);
        }

        if (NearlyChain().IsMatch(what))
        {
            problems.Error(
                place,
                $"{{{{ {what} }}}} is no reference to a step; write PHASE.STEP.outputs.NAME or PHASE.STEP.inputs.NAME, with the step's name as it stands."
            );
        }

        return null;
    }

    private string? FindChained(Match chain, string what, string phase, ICollection<ChainedOutput> chained, Place place)
    {
        var (from, name, rest) = (chain.Groups["phase"].Value, chain.Groups["step"].Value, chain.Groups["rest"].Value);
        if (from != phase && (from == ComponentPhases.Test || phase == ComponentPhases.Test))
        {
            return Refuse($"is in another stage: phase {phase} runs on another instance than phase {from}");
        }

        if (!_earlier.TryGetValue((from, name), out var earlier))
        {
            return Refuse("names no step that runs before this one");
        }

        if (chain.Groups["side"].Value == "inputs")
        {
            var found = earlier.Inputs is { } inputs && earlier.Keys.Count == 1 ? Walk(inputs, rest) : null;
            return found ?? Refuse($"names no single input of {name}");
        }

        var output = OutputName().Match(rest).Groups["name"].Value;
        if (earlier.Keys.Count == 1 && earlier.Module.FindKnownOutput(output, earlier.Inputs) is { } known)
        {
            return known;
        }

        if (output.Length == 0 || output != earlier.Module.Output)
        {
            return Refuse(
                earlier.Module.Output is { } has
                    ? $"is no output of {earlier.Module.Name}, which has outputs.{has}"
                    : $"is no output: {earlier.Module.Name} has none"
            );
        }

        var token = $"{{{{{from}.{name}.outputs.{output}}}}}";
        chained.Add(new ChainedOutput(token, earlier.Keys, earlier.MayHoldRequest));
        return token;

        string? Refuse(string why)
        {
            problems.Error(place, $"{{{{ {what} }}}} {why}.");
            return null;
        }
    }

    // .path, [0].destination, .commands[1]
    private static string? Walk(Node node, string rest)
    {
        foreach (var part in Part().Matches(rest).Select(match => match.Value))
        {
            var next =
                part[0] == '['
                    ? (node as ListNode)?.Items.ElementAtOrDefault(int.Parse(part.Trim('[', ']'), CultureInfo.InvariantCulture))
                    : (node as MapNode)?.Find(part[1..]);
            if (next is null)
            {
                return null;
            }

            node = next;
        }

        return (node as ScalarNode)?.Text;
    }

    [GeneratedRegex(@"\{\{(?<what>[^{}]*)\}\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]*$")]
    private static partial Regex Word();

    [GeneratedRegex(
        @"^(?<phase>build|validate|test)\.(?<step>[^.\[\]]+)\.(?<side>inputs|outputs)(?<rest>.*)$",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Chain();

    [GeneratedRegex(@"^(build|validate|test)\b.*\b(in|out)puts?\b", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex NearlyChain();

    [GeneratedRegex(@"^(\[0\])?\.(?<name>[a-zA-Z]+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex OutputName();

    [GeneratedRegex(@"\.[^.\[\]]+|\[[0-9]{1,4}\]")]
    private static partial Regex Part();
}
