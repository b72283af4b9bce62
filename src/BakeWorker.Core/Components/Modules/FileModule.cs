using System.Globalization;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Components.Modules;

/// <summary>An input of a <see cref="FileModule"/>; <paramref name="Otherwise"/> is its value where none is given, and of flags tells that they are.</summary>
internal sealed record ModuleInput(Field<string> Field, string Otherwise);

/// <summary>A module that takes a list of inputs and calls a function of component.sh for each, with its values in this order.</summary>
internal sealed class FileModule(string name, string function, params ModuleInput[] inputs) : ActionModule(name)
{
    private readonly SectionShape _shape = new($"an input of {name}", [.. inputs.Select(input => input.Field)]);
    private readonly string? _output = name switch
    {
        "ReadFile" => "content",
        "ListFiles" => "files",
        _ => null,
    };

    public override string? Output => _output;

    // Where downloads went is what later steps ask for most.
    public override string? FindKnownOutput(string output, Node? inputs) =>
        Name == "WebDownload" && output == "destination" && inputs is ListNode list
            ? string.Join('\n', list.Items.OfType<MapNode>().Select(Destination).OfType<string>())
            : null;

    public override ModuleCall? Read(Node? inputs, string path, Place place, Problems problems)
    {
        if (inputs is null)
        {
            problems.Error(place, $"{path} is missing; write a list of {string.Join(", ", _shape.Fields.Select(field => field.Name))}.");
            return null;
        }

        if (!new ListShape<Section>(_shape, 1, 100).TryRead(inputs, path, problems, out var items) || problems.HasErrors)
        {
            return null;
        }

        var (lines, environment) = (new List<string>(), new Dictionary<string, string>());
        foreach (var (index, (item, _)) in items.Index())
        {
            lines.Add($"{function} {string.Join(' ', AllOf(item, index + 1, environment))}");
        }

        return new ModuleCall
        {
            Lines = lines,
            Environment = environment,
            Reboot = RebootPolicy.Never,
        };
    }

    private IEnumerable<string> AllOf(Section item, int number, Dictionary<string, string> environment)
    {
        foreach (var input in inputs)
        {
            var variable = string.Create(CultureInfo.InvariantCulture, $"IN_{number}_{input.Field.Name.ToUpperInvariant()}");
            if (item.TryGet(input.Field, out var value))
            {
                environment[variable] = input.Otherwise is "true" or "false" ? value.ToLowerInvariant() : value;
                yield return $"\"${variable}\"";
            }
            else
            {
                yield return $"'{input.Otherwise}'";
            }
        }
    }

    private static string? Destination(MapNode item)
    {
        var (from, to) = ((item.Find("source") as ScalarNode)?.Text, (item.Find("destination") as ScalarNode)?.Text);
        return to is not null && to.EndsWith('/') && from is not null ? to + from.Split('?', '#')[0].Split('/')[^1] : to;
    }
}
