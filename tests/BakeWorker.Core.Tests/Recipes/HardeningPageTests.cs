using System.Text.RegularExpressions;
using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Recipes;

/// <summary>docs/hardening.md lists the controls of the scripts, no more and none less, with what they set and look at.</summary>
public sealed partial class HardeningPageTests
{
    // What no step sets, because it is about what others leave: the test alone has them.
    private static readonly string[] Guards = ["ssh-00", "mod-00", "sudo-00"];

    [Theory]
    [InlineData("linux/harden.sh")]
    [InlineData("windows/harden.ps1")]
    public void Page_ListsEveryControlThatIsSet(string script)
    {
        Listed(script).Except(Guards).Should().BeEquivalentTo(Ids(Read(script)));
    }

    [Theory]
    [InlineData("linux/verify-hardening.sh")]
    [InlineData("windows/verify-hardening.ps1")]
    public void Page_ListsEveryControlThatIsVerified(string script)
    {
        var ids = Ids(Read(script)).ToHashSet();
        // The modules' ids are counted by a loop.
        var modules = Enumerable
            .Range(1, 12)
            .Select(number => $"mod-{number:00}")
            .Where(_ => script.StartsWith("linux", StringComparison.Ordinal));

        Listed(script).Should().BeEquivalentTo(ids.Union(modules));
    }

    [Theory]
    [InlineData("linux", "linux/harden.sh", "linux/verify-hardening.sh")]
    [InlineData("windows", "windows/harden.ps1", "windows/verify-hardening.ps1")]
    public void Page_EveryWordOfCode_StandsInTheScripts(string system, string harden, string verify)
    {
        var (set, verified) = (Read(harden), Read(verify));
        foreach (var control in HardeningPage.Controls(system))
        {
            foreach (var code in Code(control.Control))
            {
                set.Should().ContainEquivalentOf(code, $"{control.Id} is said to set it");
            }

            foreach (var word in Code(control.VerifiedBy).SelectMany(code => code.Split(' ')))
            {
                verified.Should().Contain(word, $"{control.Id} is said to be verified by it");
            }

            control.Why.Should().NotBeNullOrWhiteSpace();
        }
    }

    private static IEnumerable<string> Listed(string script) => HardeningPage.Controls(script.Split('/')[0]).Select(control => control.Id);

    // As an argument of what sets or looks at a control, never in a comment.
    private static IEnumerable<string> Ids(string script) =>
        IdPattern()
            .Matches(string.Join('\n', script.Split('\n').Where(line => !line.StartsWith('#'))))
            .Select(match => match.Groups["id"].Value)
            .Distinct();

    private static IEnumerable<string> Code(string cell) => CodePattern().Matches(cell).Select(match => match.Groups["code"].Value);

    private static string Read(string script) => File.ReadAllText(Checkout.File($"recipes/steps/{script}"));

    [GeneratedRegex(
        @"(?<![A-Za-z0-9/.\\-])(?<id>(ssh|sys|net|mod|core|log|svc|upd|acc|sudo|aud|file|smb|tls|lsa|rdp|run|uac|ps|fw|def)-[0-9]{2})(?![0-9])",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex IdPattern();

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex CodePattern();
}
