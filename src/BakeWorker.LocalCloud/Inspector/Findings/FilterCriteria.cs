using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Inspector.Findings;

/// <summary>
/// Inspector's filter criteria over any kind of row: within a field one match is enough (each inequality must hold), and every field must match.
/// </summary>
internal sealed class FilterCriteria
{
    private const int ValueLimit = 10;
    private static readonly string[] ForeignPrefixes =
    [
        "ecr",
        "lambda",
        "code",
        "cloud",
        "image",
        "lastScannedCommit",
        "port",
        "component",
        "network",
    ];
    private readonly List<(string Field, IReadOnlyList<JsonObject> Conditions)> _fields = [];

    public FilterCriteria(JsonObject? criteria)
    {
        foreach (var (field, _) in criteria ?? [])
        {
            var conditions = criteria!.Objects(field);
            if (conditions.Count is < 1 or > ValueLimit)
            {
                throw Invalid($"The filter {field} needs 1 to {ValueLimit} conditions.");
            }

            _fields.Add((field, conditions));
        }
    }

    /// <summary>
    /// Whether a row matches. <paramref name="read"/> answers a field's value: a string, a list of strings, a number, a date or a map;
    /// null when this kind of row never has it.
    /// </summary>
    public bool Matches(Func<string, object?> read) =>
        _fields.TrueForAll(field => Matches(field.Field, field.Conditions, read(field.Field)));

    public static CloudException Invalid(string message) => new("ValidationException", message);

    private static bool Matches(string field, IReadOnlyList<JsonObject> conditions, object? value) =>
        value switch
        {
            string text => Compare(conditions, [text]),
            IReadOnlyList<string> texts => Compare(conditions, texts),
            double number => conditions.Any(item => !(number < item.Double("lowerInclusive")) && !(number > item.Double("upperInclusive"))),
            DateTimeOffset date => conditions.Any(item =>
                !(date.ToEpochSeconds() < item.Double("startInclusive")) && !(date.ToEpochSeconds() > item.Double("endInclusive"))
            ),
            IReadOnlyDictionary<string, string> map => conditions.Any(item =>
                map.TryGetValue(item.Required("key"), out var found) && (item.String("value") is not { } wanted || wanted == found)
            ),
            // A field of other resource types: no row of ours has it, so only an inequality holds.
            _ when Array.Exists(ForeignPrefixes, prefix => field.StartsWith(prefix, StringComparison.Ordinal)) => Compare(conditions, []),
            _ => throw Invalid($"{field} is not a filter of this operation."),
        };

    private static bool Compare(IReadOnlyList<JsonObject> conditions, IReadOnlyList<string> values)
    {
        var isWanted = conditions.Count == 0;
        var hasWanted = false;
        foreach (var condition in conditions)
        {
            var wanted = condition.Required("value");
            switch (JsonRule.OneOf("comparison", condition.Required("comparison"), "EQUALS", "PREFIX", "NOT_EQUALS"))
            {
                case "NOT_EQUALS" when values.Contains(wanted, StringComparer.Ordinal):
                    return false;
                case "EQUALS":
                    hasWanted = true;
                    isWanted |= values.Contains(wanted, StringComparer.Ordinal);
                    break;
                case "PREFIX":
                    hasWanted = true;
                    isWanted |= values.Any(value => value.StartsWith(wanted, StringComparison.Ordinal));
                    break;
            }
        }

        return isWanted || !hasWanted;
    }
}
