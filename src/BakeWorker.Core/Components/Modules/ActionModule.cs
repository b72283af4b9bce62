using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Components.Modules;

/// <summary>What a step of a component may do, and what that becomes in a guest.</summary>
internal abstract class ActionModule(string name)
{
    /// <summary>As documents write it, such as <c>ExecuteBash</c>.</summary>
    public string Name => name;

    /// <summary>The platform of recipes that may use it; null for both.</summary>
    public virtual Platform? Only => Platform.Linux;

    /// <summary>What later steps may refer to, which is what it prints; null for nothing.</summary>
    public virtual string? Output => null;

    /// <summary>An output that is known before it runs; null for any other.</summary>
    public virtual string? FindKnownOutput(string output, Node? inputs) => null;

    /// <summary>What to run, or null after an error. <paramref name="inputs"/> are in the notation of recipes.</summary>
    public abstract ModuleCall? Read(Node? inputs, string path, Place place, Problems problems);

    protected static bool TryRead(Node? inputs, SectionShape shape, string path, Place place, Problems problems, out Section section)
    {
        section = null!;
        if (inputs is not null)
        {
            return shape.TryRead(inputs, path, problems, out section!) && !problems.HasErrors;
        }

        problems.Error(place, $"{path} is missing; write {shape.Noun} with {string.Join(", ", shape.Fields.Select(field => field.Name))}.");
        return false;
    }
}

/// <summary>What a step of a component runs: text of its own, or calls of the functions in component.sh.</summary>
internal sealed record ModuleCall
{
    /// <summary>Shell lines; values stand in <see cref="Environment"/>.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>A whole script in the notation of recipes, which its interpreter reads as it is.</summary>
    public string? Commands { get; init; }

    /// <summary>Values in the notation of recipes.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    public RebootPolicy Reboot { get; init; } = RebootPolicy.WhenAsked;
}
