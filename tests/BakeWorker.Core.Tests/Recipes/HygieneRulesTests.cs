using System.Text.RegularExpressions;
using BakeWorker.Core.Recipes;
using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Recipes;

/// <summary>The list of rules, the scripts that find by them, and docs/sweep.md say the same.</summary>
public sealed partial class HygieneRulesTests
{
    [Fact]
    public void Rules_OfTheScripts_AreTheListsRules()
    {
        var used = Directory
            .EnumerateFiles(Checkout.File("src/BakeWorker.Core/Pipeline/Scripts"))
            .Where(file => Path.GetFileName(file) is var name && (name.StartsWith("sweep") || name.StartsWith("hygiene")))
            .SelectMany(file => Names().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["name"].Value)
            .Distinct();

        used.Should().BeEquivalentTo(HygieneRules.All.Select(rule => rule.Name));
    }

    [Fact]
    public void Page_ListsEveryRule()
    {
        var rows = HygieneRules.All.Select(rule => $"| `{rule.Name}` | {rule.Finds} | {(rule.MayBeAllowed ? "yes" : "no")} |\n");

        new DocsPage("docs/sweep.md").ShouldShow(
            ("sweep rules", $"\n| rule | finds | may be allowed |\n| --- | --- | --- |\n{string.Concat(rows)}")
        );
    }

    [Fact]
    public void Allowances_AreReadAsTheyStand()
    {
        using var box = new RecipeBox();
        var reading = box.ReadWith("retain: { keep: 3, olderThan: 60d }", Section("key-store", "/opt/app/*.p12", "2031-12-31"));

        reading.Problems.Should().BeEmpty();
        reading
            .Recipe!.Hygiene.Allowances.Should()
            .ContainSingle()
            .Which.Should()
            .Be(
                new Allowance
                {
                    Rule = "key-store",
                    Path = "/opt/app/*.p12",
                    Reason = "Certificates only",
                    ApprovedBy = "a.lovelace",
                    Expires = new DateOnly(2031, 12, 31),
                }
            );
    }

    [Theory]
    [InlineData("key-stores", "/opt/app/x.p12", "2031-12-31", "is no rule of docs/sweep.md; did you mean 'key-store'?")]
    [InlineData("machine-id", "/etc/machine-id/x", "2031-12-31", "which nobody can allow")]
    [InlineData("key-store", "/*", "2031-12-31", "an absolute path with its first folder written out")]
    [InlineData("key-store", "opt/app", "2031-12-31", "an absolute path with its first folder written out")]
    [InlineData("key-store", "/opt/app/x.p12", "never", "write")]
    [InlineData("key-store", "/opt/app/x.p12", "2001-01-31", "so the allowance counts for nothing")]
    public void Allowance_ThatCannotBe_IsSaid(string rule, string path, string expires, string said)
    {
        using var box = new RecipeBox();

        box.ReadWith("retain: { keep: 3, olderThan: 60d }", Section(rule, path, expires))
            .Problems.Should()
            .ContainSingle()
            .Which.Message.Should()
            .Contain(said);
    }

    [Theory]
    [InlineData("reason: Certificates only, ")]
    [InlineData("approvedBy: a.lovelace, ")]
    [InlineData(", expires: 2031-12-31")]
    public void Allowance_WithoutReasonPersonOrEnd_IsNone(string part)
    {
        using var box = new RecipeBox();
        var section = Section("key-store", "/opt/app/x.p12", "2031-12-31");
        section.Should().Contain(part);

        box.ReadWith("retain: { keep: 3, olderThan: 60d }", section.Replace(part, "")).Errors.Should().ContainSingle();
    }

    private static string Section(string rule, string path, string expires) =>
        "hygiene:\n  allow:\n"
        + $"    - {{ rule: {rule}, path: '{path}', reason: Certificates only, approvedBy: a.lovelace, expires: {expires} }}";

    // Where a rule is named: as the first word after what notes a finding, in the table of shapes, and in quotes on Windows.
    [GeneratedRegex(
        @"\b(?:finding|hit|forbidden|holding|first_file|before_boot|state_of) (?<name>[a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?= (?:""|'|/))"
            + @"|^(?<name>[a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?= [0-9]\.[0-9] )"
            + @"|(?:Add-Finding|Find-Forbidden|Find-Holding) '(?<name>[a-z0-9-]+)'|^  '(?<name>[a-z-]+)' +=",
        RegexOptions.Multiline
    )]
    private static partial Regex Names();
}
