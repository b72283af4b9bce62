using System.Reflection;
using BakeWorker.Core.Binding;
using Microsoft.Extensions.Configuration;

namespace BakeWorker.Settings;

/// <summary>
/// Fills settings classes from configuration and collects everything that is wrong. The framework's binder would stop at the first bad
/// value, ignore names nobody knows, and add to a default list instead of replacing it.
/// </summary>
internal sealed class SettingsReader
{
    private readonly List<string> _errors = [];

    public IReadOnlyList<string> Errors => _errors;

    public void Read(IConfigurationSection section, string path, object target)
    {
        var properties = target.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var child in section.GetChildren())
        {
            var property = properties.FirstOrDefault(candidate => candidate.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                var hint = Suggestion.Hint(child.Key, [.. properties.Select(known => known.Name)], $"{path} has");
                _errors.Add($"{path}:{child.Key} is not a setting; {hint}");
            }
            else
            {
                Set(child, $"{path}:{property.Name}", property, target);
            }
        }
    }

    private void Set(IConfigurationSection section, string path, PropertyInfo property, object target)
    {
        if (property.PropertyType == typeof(IList<string>))
        {
            property.SetValue(target, List(section));
        }
        else if (property.PropertyType.IsClass && property.PropertyType != typeof(string))
        {
            if (section.Value is { Length: > 0 } value)
            {
                _errors.Add($"{path} is '{value}', but it is a group of settings; set {path}:NAME instead.");
            }

            Read(section, path, property.GetValue(target)!);
        }
        else if (section.GetChildren().Any())
        {
            _errors.Add($"{path} has settings below it, but takes one value.");
        }
        else if (SettingText.Read(section.Value ?? "", property.PropertyType, out var wanted) is { } value)
        {
            property.SetValue(target, value);
        }
        else
        {
            _errors.Add($"{path} is '{section.Value}'; write {wanted}.");
        }
    }

    // One environment variable is easier to set than one for each entry, so commas separate, too.
    private static List<string> List(IConfigurationSection section) =>
        section.Value is { } line
            ? [.. line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
            : [.. section.GetChildren().Select(entry => entry.Value).OfType<string>().Where(entry => entry.Length > 0)];
}
