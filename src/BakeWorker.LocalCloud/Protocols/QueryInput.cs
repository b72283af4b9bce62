using System.Globalization;

namespace BakeWorker.LocalCloud.Protocols;

/// <summary>
/// The parameters of a Query-protocol call, or of one structure inside it: <c>Filter.1.Value.2</c> is
/// <c>Structures("Filter")[0].Strings("Value")[1]</c>.
/// </summary>
public sealed class QueryInput(IReadOnlyDictionary<string, string> values)
{
    public IReadOnlyDictionary<string, string> Values { get; } = values;

    public string? String(string name) => Values.GetValueOrDefault(name);

    /// <summary>The value, or MissingParameter as EC2 says it.</summary>
    public string Required(string name) =>
        String(name) is { Length: > 0 } value
            ? value
            : throw new CloudException("MissingParameter", $"The request must contain the parameter {name}");

    public int? Int(string name) =>
        String(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
        : throw new CloudException("InvalidParameterValue", $"Value ({text}) for parameter {name} is invalid. Expected an integer");

    public bool Bool(string name) => string.Equals(String(name), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The values of a list parameter in index order; both <c>Name.1</c> and <c>Name.member.1</c> are read.</summary>
    public IReadOnlyList<string> Strings(string name) => Structures(name).Select(item => item.Values.GetValueOrDefault("") ?? "").ToList();

    public bool Has(string name) =>
        Values.ContainsKey(name) || Values.Keys.Any(key => key.StartsWith(name + ".", StringComparison.Ordinal));

    /// <summary>A single structure parameter, such as <c>MetadataOptions.HttpTokens</c>; empty when absent.</summary>
    public QueryInput Structure(string name)
    {
        var prefix = name + ".";
        return new(
            Values
                .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value)
        );
    }

    /// <summary>A list of structures in index order.</summary>
    public IReadOnlyList<QueryInput> Structures(string name)
    {
        var items = new SortedDictionary<int, Dictionary<string, string>>();
        foreach (var (key, value) in Structure(name).Values)
        {
            var path = key.StartsWith("member.", StringComparison.Ordinal) ? key["member.".Length..] : key;
            var dot = path.IndexOf('.', StringComparison.Ordinal);
            var index = dot < 0 ? path : path[..dot];
            if (!int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            {
                continue;
            }

            if (!items.TryGetValue(position, out var item))
            {
                items[position] = item = [];
            }

            item[dot < 0 ? "" : path[(dot + 1)..]] = value;
        }

        return items.Values.Select(item => new QueryInput(item)).ToList();
    }

    /// <summary>Parses a form body or a query string.</summary>
    public static QueryInput Parse(string form)
    {
        var values = new Dictionary<string, string>();
        foreach (var pair in form.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? pair : pair[..equals];
            values[Decode(name)] = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
        }

        return new(values);
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
