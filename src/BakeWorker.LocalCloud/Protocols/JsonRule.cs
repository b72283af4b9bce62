using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BakeWorker.LocalCloud.Protocols;

/// <summary>The constraints of an AWS service model, with the sentence AWS says when a member breaks one.</summary>
public static class JsonRule
{
    public static string Required(this JsonObject input, string member) =>
        input.String(member) ?? throw Violated(null, member, "Member must not be null");

    public static long? Range(string member, long? value, long min, long max) =>
        value < min ? throw Violated(value, member, $"Member must have value greater than or equal to {min}")
        : value > max ? throw Violated(value, member, $"Member must have value less than or equal to {max}")
        : value;

    public static string? Length(string member, string? value, int min, int max) =>
        value?.Length < min ? throw Violated(value, member, $"Member must have length greater than or equal to {min}")
        : value?.Length > max ? throw Violated(value, member, $"Member must have length less than or equal to {max}")
        : value;

    public static IReadOnlyList<T> Count<T>(string member, IReadOnlyList<T> values, int min, int max) =>
        values.Count < min ? throw Violated("[]", member, $"Member must have length greater than or equal to {min}")
        : values.Count > max
            ? throw Violated($"[{string.Join(", ", values)}]", member, $"Member must have length less than or equal to {max}")
        : values;

    public static string? Pattern(string member, string? value, Regex pattern) =>
        value is null || pattern.IsMatch(value)
            ? value
            : throw Violated(value, member, $"Member must satisfy regular expression pattern: {pattern}");

    public static string? OneOf(string member, string? value, params ReadOnlySpan<string> allowed) =>
        value is null || allowed.Contains(value)
            ? value
            : throw Violated(value, member, $"Member must satisfy enum value set: [{string.Join(", ", allowed.ToArray())}]");

    public static CloudException Violated(object? value, string member, string constraint)
    {
        var name = char.ToLowerInvariant(member[0]) + member[1..];
        var shown = value is null ? "null" : $"'{value}'";
        return new(
            "ValidationException",
            $"1 validation error detected: Value {shown} at '{name}' failed to satisfy constraint: {constraint}"
        );
    }
}
