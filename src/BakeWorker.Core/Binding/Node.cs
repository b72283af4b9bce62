namespace BakeWorker.Core.Binding;

/// <summary>A value of a YAML or JSON document with its place.</summary>
internal abstract record Node(Place Place)
{
    /// <summary>Notes where every key of the maps in it stands, by its path, such as <c>base.owners</c>.</summary>
    public void AddPlaces(string path, IDictionary<string, Place> places)
    {
        if (path.Length > 0)
        {
            places.TryAdd(path, Place);
        }

        foreach (var entry in this is MapNode map ? map.Entries : [])
        {
            entry.Value.AddPlaces(path.Length == 0 ? entry.Key : $"{path}.{entry.Key}", places);
        }
    }
}

/// <summary>What the bare spelling of a scalar means to a YAML or JSON reader.</summary>
internal enum ScalarKind
{
    Text,
    Number,
    Flag,
    Null,
}

/// <summary>A single value, exactly as it is written.</summary>
internal sealed record ScalarNode(Place Place, string Text, ScalarKind Kind) : Node(Place);

/// <summary>A list of values.</summary>
internal sealed record ListNode(Place Place, IReadOnlyList<Node> Items) : Node(Place);

/// <summary>Keys with values in the order written; a key may stand there twice, which the reader of the map reports.</summary>
internal sealed record MapNode(Place Place, IReadOnlyList<MapEntry> Entries) : Node(Place)
{
    public Node? Find(string key) => Entries.FirstOrDefault(e => e.Key == key)?.Value;
}

/// <summary>One key with its value.</summary>
internal sealed record MapEntry(string Key, Place Place, Node Value);
