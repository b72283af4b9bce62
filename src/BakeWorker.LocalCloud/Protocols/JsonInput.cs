using System.Text.Json.Nodes;

namespace BakeWorker.LocalCloud.Protocols;

/// <summary>Typed reading of a JSON call's members: absent and null are the same, a wrong type is the caller's SerializationException.</summary>
public static class JsonInput
{
    public static string? String(this JsonObject input, string name) => Value<string>(input, name, "String");

    public static long? Long(this JsonObject input, string name) =>
        input[name] switch
        {
            null => null,
            JsonValue value when value.TryGetValue(out long whole) => whole,
            JsonValue value when value.TryGetValue(out int small) => small,
            JsonValue value when value.TryGetValue(out double number) && double.IsInteger(number) => (long)number,
            _ => throw Wrong(name, "Integer"),
        };

    public static int? Int(this JsonObject input, string name) =>
        input.Long(name) switch
        {
            null => null,
            >= int.MinValue and <= int.MaxValue and var number => (int)number,
            _ => throw Wrong(name, "Integer"),
        };

    public static double? Double(this JsonObject input, string name) =>
        input[name] switch
        {
            null => null,
            JsonValue value when value.TryGetValue(out int small) => small,
            JsonValue value when value.TryGetValue(out double number) => number,
            JsonValue value when value.TryGetValue(out long whole) => whole,
            _ => throw Wrong(name, "Double"),
        };

    public static bool? Bool(this JsonObject input, string name) => input[name] is null ? null : Value(input, name, "Boolean", false);

    public static JsonObject? Object(this JsonObject input, string name) =>
        input[name] switch
        {
            null => null,
            JsonObject value => value,
            _ => throw Wrong(name, "Structure"),
        };

    /// <summary>The structures of a list; empty when absent.</summary>
    public static IReadOnlyList<JsonObject> Objects(this JsonObject input, string name) =>
        Array(input, name).Select(item => item as JsonObject ?? throw Wrong(name, "List of structures")).ToList();

    /// <summary>The strings of a list; empty when absent.</summary>
    public static IReadOnlyList<string> Strings(this JsonObject input, string name) =>
        Array(input, name)
            .Select(item => item is JsonValue value && value.TryGetValue(out string? text) ? text : throw Wrong(name, "List of strings"))
            .ToList();

    /// <summary>The pairs of a string map in the order they were sent; empty when absent.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> StringMap(this JsonObject input, string name) =>
        (input.Object(name) ?? [])
            .Select(pair =>
                pair.Value is JsonValue value && value.TryGetValue(out string? text)
                    ? KeyValuePair.Create(pair.Key, text)
                    : throw Wrong(name, "Map of strings")
            )
            .ToList();

    private static JsonArray Array(JsonObject input, string name) =>
        input[name] switch
        {
            null => [],
            JsonArray items => items,
            _ => throw Wrong(name, "List"),
        };

    private static T? Value<T>(JsonObject input, string name, string kind, T? absent = default) =>
        input[name] switch
        {
            null => absent,
            JsonValue value when value.TryGetValue(out T? typed) => typed,
            _ => throw Wrong(name, kind),
        };

    private static CloudException Wrong(string name, string kind) => WireJson.Malformed($"The member {name} must be of type {kind}");
}
