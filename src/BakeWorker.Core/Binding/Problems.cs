namespace BakeWorker.Core.Binding;

/// <summary>Collects everything that is wrong with one document, so that its author mends it in one go.</summary>
internal sealed class Problems(string file)
{
    private readonly List<Problem> _found = [];
    private int _unknownFields;

    public string File => file;

    public bool HasErrors => _found.Exists(p => !p.IsWarning);

    /// <summary>Every error is a field that the document does not have.</summary>
    public bool HasOnlyUnknownFields => _unknownFields > 0 && _unknownFields == _found.Count(p => !p.IsWarning);

    /// <summary>In reading order.</summary>
    public IReadOnlyList<Problem> All =>
        [.. _found.Distinct().OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Place.Line).ThenBy(p => p.Place.Column)];

    public void Error(Place place, string message) => _found.Add(new Problem(file, place, message));

    public void Warn(Place place, string message) => _found.Add(new Problem(file, place, message) { IsWarning = true });

    public void UnknownField(Place place, string message)
    {
        _unknownFields++;
        Error(place, message);
    }

    public void Add(IEnumerable<Problem> problems) => _found.AddRange(problems);
}
