using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Components;

/// <summary>
/// The parameters and constants of a component by name, in the notation of recipes: what the recipe gives may hold <c>${parameter}</c>,
/// everything else is text.
/// </summary>
internal static class ComponentVariables
{
    private static readonly Field<string> Type = Field.Required(
        "type",
        new TextShape("type", "string, the only type", 16, "^string$"),
        "Its type.",
        "string"
    );
    private static readonly Field<string> Default = Field.Optional("default", Words.FreeValue, "must be given", "Its default.", "'1.0'");
    private static readonly Field<string> Value = Field.Required("value", Words.FreeValue, "Its value.", "/opt");
    private static readonly Field<string> Description = Field.Optional("description", Words.FreeValue, "none", "What it is.", "Version");
    private static readonly SectionShape Parameter = new("a parameter of a component", Type, Default, Description);
    private static readonly SectionShape Constant = new("a constant", Type, Value, Description);

    public static Dictionary<string, string> Read(Section component, ComponentUse use, Problems problems)
    {
        var found = new Dictionary<string, string>();
        foreach (var (name, place, parameter) in Entries(component, ComponentFields.Parameters, Parameter, problems))
        {
            if (use.With.TryGetValue(name, out var given))
            {
                Add(name, given.Value, place);
            }
            else if (parameter.TryGet(Default, out var usual))
            {
                Add(name, Escaped(usual), place);
            }
            else
            {
                use.Problems.Error(
                    use.Place,
                    $"{use.PathOf(StepFields.With)}.{name} is missing; {use.File} takes it and has no default for it."
                );
                Add(name, "", place);
            }
        }

        var parameters = found.Keys.ToList();
        foreach (var (name, place, constant) in Entries(component, ComponentFields.Constants, Constant, problems))
        {
            Add(name, Escaped(constant.Find(Value) ?? ""), place);
        }

        foreach (var (name, given) in use.With.Where(pair => !parameters.Contains(pair.Key)))
        {
            var hint = parameters.Count == 0 ? "it takes none." : Suggestion.Hint(name, parameters, "it takes");
            use.Problems.Error(given.Place, $"{use.PathOf(StepFields.With)}.{name} is no parameter of {use.File}; {hint}");
        }

        return found;

        void Add(string name, string text, Place place)
        {
            if (!found.TryAdd(name, text))
            {
                problems.Error(place, $"'{name}' is declared twice; give each parameter and constant a name of its own.");
            }
        }
    }

    /// <summary>Text as a recipe writes it, where <c>${</c> begins a reference.</summary>
    public static string Escaped(string text) => text.Replace("${", "$${", StringComparison.Ordinal);

    /// <summary>The text itself.</summary>
    public static string Plain(string escaped) => escaped.Replace("$${", "${", StringComparison.Ordinal);

    // A list of maps with one key each, which is the name.
    private static IEnumerable<(string Name, Place Place, Section Declared)> Entries(
        Section component,
        Field<IReadOnlyList<Placed<Node>>> field,
        SectionShape shape,
        Problems problems
    )
    {
        foreach (var (index, (node, place)) in (component.Find(field) ?? []).Index())
        {
            var path = $"{field.Name}[{index}]";
            if (node is not MapNode { Entries: [var entry] })
            {
                problems.Error(place, $"{path} is {Shown.Node(node)}; write one name with its fields, as in NAME: {{ type: string }}.");
            }
            else if (!Words.ParameterName.Allows(entry.Key))
            {
                problems.Error(entry.Place, $"{path} is named {Shown.Value(entry.Key)}; write {Words.ParameterName.Range}.");
            }
            else if (shape.TryRead(entry.Value, $"{path}.{entry.Key}", problems, out var declared))
            {
                yield return (entry.Key, entry.Place, declared);
            }
        }
    }
}
