namespace BakeWorker.Core.Binding;

/// <summary>Collects everything that is wrong with one document, so that its author mends it in one go.</summary>
internal sealed class Problems(string file)
{
    private readonly List<Problem> found = [];
    private int unknownFields;

    public string File => file;

    public bool HasErrors => found.Exists(p => !p.IsWarning);

    /// <summary>Every error is a field that the document does not have.</summary>
    public bool HasOnlyUnknownFields => unknownFields > 0 && unknownFields == found.Count(p => !p.IsWarning);

    /// <summary>In reading order.</summary>
    public IReadOnlyList<Problem> All =>
        [.. found.Distinct().OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Place.Line).ThenBy(p => p.Place.Column)];

    public void Error(Place place, string message) => found.Add(new Problem(file, place, message));

    public void Warn(Place place, string message) => found.Add(new Problem(file, place, message) { IsWarning = true });

    public void UnknownField(Place place, string message)
    {
        unknownFields++;
        Error(place, message);
    }

    public void Add(IEnumerable<Problem> problems) => found.AddRange(problems);
}
