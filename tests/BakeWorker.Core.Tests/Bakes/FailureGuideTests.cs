using System.Reflection;
using BakeWorker.Core.Bakes;
using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Bakes;

public sealed class FailureGuideTests
{
    private static readonly string[] Codes =
    [
        .. typeof(FailureCodes)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void FailuresPage_ListsEveryCode_AndNoOther() => Rows().Keys.Order(StringComparer.Ordinal).Should().Equal(Codes);

    [Fact]
    public void FailuresPage_SaysWhatResultsSay()
    {
        var rows = Rows();

        foreach (var code in Codes)
        {
            var advice = FailureGuide.For(code);
            rows[code][2].Should().Be(advice.Actor, code);
            rows[code][3].Should().Be(advice.IsRetryable ? "yes" : "no", code);
        }
    }

    private static Dictionary<string, string[]> Rows() =>
        File.ReadLines(Checkout.File("docs/failures.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[0].Trim('`'));
}
