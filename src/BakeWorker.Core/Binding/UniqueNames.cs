namespace BakeWorker.Core.Binding;

/// <summary>That whoever refers to a name means one thing.</summary>
internal static class UniqueNames
{
    public static void Check(IEnumerable<Section> named, Field<string> field, string what, Problems problems)
    {
        var first = new Dictionary<string, int>();
        foreach (var section in named)
        {
            if (section.TryGet(field, out var name) && !first.TryAdd(name, section.At(field).Line))
            {
                problems.Error(
                    section.At(field),
                    $"{section.PathOf(field)} is '{name}', as is that of the {what} in line {first[name]}; give each {what} a name of its own."
                );
            }
        }
    }
}
