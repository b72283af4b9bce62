using Amazon.Inspector2.Model;
using BakeWorker.Aws.Inspector;
using BakeWorker.Core.Cloud;
using Finding = Amazon.Inspector2.Model.Finding;

namespace BakeWorker.Aws.Tests.Inspector;

/// <summary>What Inspector may say some day, and nobody here knows, never makes a finding smaller.</summary>
public sealed class FindingsTests
{
    [Theory]
    [InlineData("CRITICAL", Severity.Critical)]
    [InlineData("Informational", Severity.Informational)]
    [InlineData("UNTRIAGED", Severity.Untriaged)]
    [InlineData("", Severity.Untriaged)]
    [InlineData(null, Severity.Untriaged)]
    [InlineData("CATASTROPHIC", Severity.Critical)]
    [InlineData("DEFERRED", Severity.Critical)]
    public void Severity_NobodyKnows_IsTheWorst(string? label, Severity severity) => Findings.SeverityOf(label).Should().Be(severity);

    [Theory]
    [InlineData("YES", null, true)]
    [InlineData("NO", null, false)]
    [InlineData("PARTIAL", null, false)]
    [InlineData("PARTIAL", "1.2-3", true)]
    [InlineData("NO", "1.2-3", true)]
    [InlineData("PERHAPS", null, true)]
    [InlineData(null, null, true)]
    public void Fix_NobodyKnowsOf_CountsAsOne(string? answer, string? version, bool fixable)
    {
        var finding = new Finding
        {
            FixAvailable = answer is null ? null : new(answer),
            PackageVulnerabilityDetails = new()
            {
                VulnerabilityId = "CVE-2026-1",
                VulnerablePackages = [new VulnerablePackage { Name = "curl", FixedInVersion = version ?? "NotAvailable" }],
            },
        };

        Findings.From(finding).Should().ContainSingle().Which.IsFixable.Should().Be(fixable);
    }

    [Theory]
    [InlineData("YES", true)]
    [InlineData("NO", false)]
    [InlineData(null, false)]
    [InlineData("IN_THE_WILD", true)]
    public void Exploit_OfAnyKind_IsOne(string? answer, bool exploited) =>
        Findings
            .From(new Finding { ExploitAvailable = answer is null ? null : new(answer) })
            .Should()
            .ContainSingle()
            .Which.HasExploit.Should()
            .Be(exploited);

    [Theory]
    [InlineData("SUPPRESSED", true)]
    [InlineData("ACTIVE", false)]
    [InlineData("SNOOZED", false)]
    public void Status_OnlySuppressedIsSuppressed(string status, bool suppressed) =>
        Findings.From(new Finding { Status = new(status) }).Should().ContainSingle().Which.IsSuppressed.Should().Be(suppressed);
}
