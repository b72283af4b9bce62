using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ssm.Parameters;

/// <summary>One filter of DescribeParameters or GetParametersByPath; any of its values is enough.</summary>
internal sealed record ParameterFilter(string Key, string Option, IReadOnlyList<string> Values)
{
    /// <summary>Reads <c>ParameterFilters</c> and the older <c>Filters</c>, which match by equality.</summary>
    public static IReadOnlyList<ParameterFilter> Read(JsonObject input) =>
        input
            .Objects("ParameterFilters")
            .Select(item => Check(item.Required("Key"), item.String("Option"), item.Strings("Values")))
            .Concat(input.Objects("Filters").Select(item => Check(item.Required("Key"), null, item.Strings("Values"))))
            .ToList();

    public bool IsMatch(string value) =>
        Option switch
        {
            "BeginsWith" => Values.Any(wanted => value.StartsWith(wanted, StringComparison.Ordinal)),
            "Contains" => Values.Any(wanted => value.Contains(wanted, StringComparison.Ordinal)),
            _ => Values.Contains(value, StringComparer.Ordinal),
        };

    public bool IsUnder(string name) =>
        Values.Any(path =>
        {
            var prefix = path.EndsWith('/') ? path : path + "/";
            return name.StartsWith(prefix, StringComparison.Ordinal)
                && (Option == "Recursive" || !name.AsSpan(prefix.Length).Contains('/'));
        });

    private static ParameterFilter Check(string key, string? option, IReadOnlyList<string> values)
    {
        var isKnown =
            option is null
            || (
                key == "Path"
                    ? option is "Recursive" or "OneLevel"
                    : option is "Equals" or "BeginsWith" || (key == "Name" && option == "Contains")
            );
        return !isKnown
                ? throw new CloudException(
                    "InvalidFilterOption",
                    $"The following filter option is not valid: {option}. Valid options are Equals and BeginsWith; for Path, Recursive and OneLevel."
                )
            : values.Count == 0 && !key.StartsWith("tag:", StringComparison.Ordinal)
                ? throw new CloudException("InvalidFilterValue", $"The filter {key} needs a value.")
            : new ParameterFilter(key, option ?? (key == "Path" ? "OneLevel" : "Equals"), values);
    }
}
