namespace BakeWorker.LocalCloud.Ssm.Documents;

/// <summary>A parameter of a command document. <paramref name="Default"/> null makes it required.</summary>
internal sealed record DocumentParameter(string Name, string Type, string Description, string? Default = null)
{
    public string? Pattern { get; init; }
    public IReadOnlyList<string> Allowed { get; init; } = [];
}

/// <summary>A step of a document; only the first whose platform fits runs, the others are skipped.</summary>
internal sealed record DocumentStep(string Name, string Action, string Platform);

/// <summary>The values a command gave to a document's parameters, defaults filled in.</summary>
internal sealed record DocumentValues(IReadOnlyDictionary<string, IReadOnlyList<string>> Values)
{
    public string this[string name] => Values.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : "";

    public IReadOnlyList<string> List(string name) => Values.GetValueOrDefault(name) ?? [];
}

/// <summary>A command document that this cloud knows.</summary>
internal sealed record Document(string Name, string Description, string SchemaVersion)
{
    public required IReadOnlyList<DocumentParameter> Parameters { get; init; }
    public required IReadOnlyList<DocumentStep> Steps { get; init; }

    /// <summary>What the agent runs for these values, on Windows or on Linux.</summary>
    public required Func<DocumentValues, bool, string> Script { get; init; }
    public bool HasOneStep => Steps.Count == 1;
    public IEnumerable<string> Platforms => Steps.SelectMany(step => step.Platform.Split('|')).Distinct();

    public bool Supports(bool isWindows) => Platforms.Contains(isWindows ? "Windows" : "Linux", StringComparer.Ordinal);

    /// <summary>The step that runs on this platform.</summary>
    public DocumentStep StepFor(bool isWindows) =>
        Steps.First(step => step.Platform.Split('|').Contains(isWindows ? "Windows" : "Linux", StringComparer.Ordinal));
}
