using System.Reflection;
using System.Text.RegularExpressions;
using BakeWorker.Settings;
using BakeWorker.Testing;

namespace BakeWorker.Tests.Docs;

/// <summary>docs/operations.md names every setting, and none that does not exist.</summary>
public sealed partial class OperationsPageTests
{
    [Fact]
    public void Page_NamesExactlyTheSettingsThereAre()
    {
        var rows = File.ReadLines(Checkout.File("docs/operations.md")).SkipWhile(line => line != "| setting | default | is |").Skip(2);
        var names = rows.TakeWhile(line => line.StartsWith('|'))
            .SelectMany(row => Names().Matches(row.Split('|')[1]).Select(name => name.Groups[1].Value));

        names.Should().BeEquivalentTo(SettingsOf(typeof(WorkerSettings), ""));
    }

    private static IEnumerable<string> SettingsOf(Type type, string path) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .SelectMany(property =>
                property.PropertyType.IsClass && property.PropertyType.Namespace!.StartsWith("BakeWorker", StringComparison.Ordinal)
                    ? SettingsOf(property.PropertyType, $"{path}{property.Name}:")
                    : [$"{path}{property.Name}"]
            );

    [GeneratedRegex("`([A-Za-z0-9:]+)`")]
    private static partial Regex Names();
}
