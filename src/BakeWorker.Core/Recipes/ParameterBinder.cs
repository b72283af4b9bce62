using BakeWorker.Core.Bakes;
using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Recipes;

/// <summary>The values of a bake's parameters, or every reason why there are none.</summary>
public sealed record ParameterBinding(IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Errors);

/// <summary>Holds what a requester gives against what the recipe declares.</summary>
public static class ParameterBinder
{
    /// <summary>Characters of a value, at most.</summary>
    public const int MaxLength = 1024;

    /// <summary>Every declared parameter with its value, defaults included.</summary>
    public static ParameterBinding Bind(IReadOnlyDictionary<string, ParameterSpec> declared, IReadOnlyDictionary<string, string> given)
    {
        var errors = new List<string>();
        foreach (var name in given.Keys.Where(n => !declared.ContainsKey(n)).Order(StringComparer.Ordinal))
        {
            var hint = declared.Count == 0 ? "the recipe takes none." : Suggestion.Hint(name, [.. declared.Keys], "the recipe takes");
            errors.Add($"{Shown.Key(name)} is not a parameter of this recipe; {hint}");
        }

        var values = new Dictionary<string, string>();
        foreach (var spec in declared.Values.OrderBy(s => s.Name, StringComparer.Ordinal))
        {
            if ((given.TryGetValue(spec.Name, out var value) ? value : spec.Default) is not { } known)
            {
                errors.Add($"parameter {spec.Name} is missing and has no default; give a value that matches {spec.Pattern}.");
            }
            else if (Trouble(known, spec) is { } trouble)
            {
                errors.Add($"parameter {spec.Name} is {Shown.Value(known)}, {trouble}");
            }
            else
            {
                values.Add(spec.Name, known);
            }
        }

        return new ParameterBinding(values, errors);
    }

    /// <summary>The values, as <see cref="Bind"/> finds them.</summary>
    /// <exception cref="BakeFailedException">The given values do not fit; the message names every reason.</exception>
    public static IReadOnlyDictionary<string, string> Require(Recipe recipe, BakeRequest request)
    {
        var binding = Bind(recipe.Parameters, request.Parameters);
        return binding.Errors.Count == 0
            ? binding.Values
            : throw new BakeFailedException(FailureKind.Invalid, FailureCodes.ParameterInvalid, string.Join('\n', binding.Errors));
    }

    // Refused whatever the pattern says: line breaks forge log lines and variables, and SSM expands {{ }} by itself.
    internal static string? Trouble(string value, ParameterSpec spec)
    {
        if (value.Length > MaxLength)
        {
            return $"which has {value.Length} characters; at most {MaxLength} are allowed.";
        }

        if (value.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029'))
        {
            return "which holds a line break or another control character; write one line of text.";
        }

        if (value.Contains("{{", StringComparison.Ordinal) || value.Contains("}}", StringComparison.Ordinal))
        {
            return "which holds {{ or }}; SSM would expand that, so write the value itself.";
        }

        return ParameterPattern.IsMatch(spec.Pattern, value) ? null : $"which does not match {spec.Pattern}; write a value that does.";
    }
}
