using System.Text.RegularExpressions;
using BakeWorker.Testing;

namespace BakeWorker.Tests.Docs;

/// <summary>docs/security.md names tests that there are: a control whose test went away is a claim.</summary>
public sealed partial class SecurityPageTests
{
    private static readonly Lazy<Dictionary<string, string[]>> Tests = new(() =>
        Directory
            .EnumerateFiles(Checkout.File("tests"), "*.cs", SearchOption.AllDirectories)
            .GroupBy(file => Path.GetFileNameWithoutExtension(file))
            .ToDictionary(
                files => files.Key,
                files =>
                    files.SelectMany(file => Methods().Matches(File.ReadAllText(file)).Select(test => test.Groups["name"].Value)).ToArray()
            )
    );

    [Fact]
    public void Table_HasATestThatExistsForEveryThreat()
    {
        var rows = File.ReadLines(Checkout.File("docs/security.md")).Where(line => line.StartsWith('|')).Skip(2).ToList();

        rows.Should().HaveCountGreaterThan(30);
        foreach (var row in rows)
        {
            var cells = row.Trim('|').Split('|');
            cells.Should().HaveCount(3, row).And.OnlyContain(cell => cell.Trim().Length > 0, row);
            var named = Names().Matches(cells[2]).Select(name => name.Groups["name"].Value).ToList();
            named.Should().NotBeEmpty("{0} needs a test", row);
            named.Where(name => !Exists(name)).Should().BeEmpty("of: {0}", row);
        }
    }

    // A class, a class with one of its tests, or a test by itself; an asterisk or dots stand for the rest of a name.
    private static bool Exists(string name)
    {
        var parts = name.Split('.', 2);
        if (parts is [var type] && type.EndsWith("Tests", StringComparison.Ordinal))
        {
            return Tests.Value.TryGetValue(type, out var all) && all.Length > 0;
        }

        var pattern = new Regex(
            $"^{Regex.Escape(parts[^1]).Replace(@"\*", ".*").Replace("…", ".*")}$",
            RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
        return (parts is [var owner, _] ? Tests.Value.GetValueOrDefault(owner, []) : Tests.Value.Values.SelectMany(tests => tests)).Any(
            test => pattern.IsMatch(test)
        );
    }

    [GeneratedRegex("`(?<name>[A-Za-z0-9_.*…]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Names();

    [GeneratedRegex(@"public (async )?(Task|void) (?<name>\w+)\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Methods();
}
