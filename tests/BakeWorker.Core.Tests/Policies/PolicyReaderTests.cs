using BakeWorker.Core.Binding;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Policies;

public sealed class PolicyReaderTests
{
    private const string Organization = "arn:aws:organizations::111122223333:organization/o-abcdefghij";
    private const string Unit = "arn:aws:organizations::111122223333:ou/o-abcdefghij/ou-ab12-cdefghij";

    [Fact]
    public void Read_EveryField_IsInThePolicy() =>
        Require(
                $$"""
                base: { owners: [self, '136693071363'], maxAge: 90d }
                regions: [eu-west-1]
                share: { accounts: [111122223333], organizations: ['{{Organization}}'], organizationalUnits: ['{{Unit}}'], public: true }
                require: { phases: [harden], tests: [sshd], tags: [team], encryption: false, imdsv2: false, gates: { lynis: 65, goss: 100 } }
                scan: { sources: [both, none], block: { severity: medium }, longestWaiver: 30d }
                """
            )
            .Should()
            .BeEquivalentTo(
                new OperatorPolicy
                {
                    Base = new BasePolicy { Owners = ["self", "136693071363"], MaxAge = TimeSpan.FromDays(90) },
                    Regions = ["eu-west-1"],
                    Share = new SharePolicy
                    {
                        Accounts = ["111122223333"],
                        OrganizationArns = [Organization],
                        OrganizationalUnitArns = [Unit],
                        Public = true,
                    },
                    Require = new RequirePolicy
                    {
                        Phases = [StepPhase.Harden],
                        Tests = ["sshd"],
                        Tags = ["team"],
                        Encryption = false,
                        ImdsV2 = false,
                        Gates = new Dictionary<Gate, int> { [Gate.Lynis] = 65, [Gate.Goss] = 100 },
                    },
                    ScanSources = [ScanSource.Both, ScanSource.None],
                    Findings = new BlockSpec { Severity = Severity.Medium },
                    LongestWaiver = TimeSpan.FromDays(30),
                },
                policy => policy.Excluding(one => one.Digest)
            );

    [Fact]
    public void Read_EmptyMap_IsTheDefaults() =>
        Require("{}").Should().BeEquivalentTo(OperatorPolicy.Default, policy => policy.Excluding(one => one.Digest));

    [Fact]
    public void Read_Digest_IsThatOfTheFile() =>
        Require("{}").Digest.Should().Be("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");

    [Fact]
    public void Default_SharesWithNobodyAndLetsNothingUnscannedOut()
    {
        var policy = OperatorPolicy.Default;

        policy.Share.Should().BeEquivalentTo(new { Accounts = Array.Empty<string>(), Public = false });
        policy.ScanSources.Should().NotContain(ScanSource.None);
        policy.Require.Should().BeEquivalentTo(new { Encryption = true, ImdsV2 = true });
        policy.Require.Phases.Should().Equal(StepPhase.Patch, StepPhase.Cleanup);
    }

    [Fact]
    public void Read_UnknownKey_IsRefusedWithItsPlaceAndWhatWasMeant() =>
        Problems("share:\n  acounts: ['111122223333']\n")
            .Should()
            .ContainSingle()
            .Which.Should()
            .EndWith("policy.yaml:2:3: share.acounts is not a field of a share policy; did you mean 'accounts'?");

    [Fact]
    public void Read_MissingFile_IsAnErrorAndNoPolicy()
    {
        var reading = PolicyReader.Read(Path.Combine(Path.GetTempPath(), "there-is-no-such.yaml"));

        reading.Policy.Should().BeNull();
        reading.Problems.Should().ContainSingle().Which.Message.Should().StartWith("the policy cannot be read");
    }

    [Theory]
    [InlineData(Unit, true)]
    [InlineData("arn:aws:organizations::111122223333:ou/o-abcdefghijk/ou-ab12-cdefghij", false)]
    [InlineData("arn:aws:organizations::444455556666:ou/o-abcdefghij/ou-ab12-cdefghij", false)]
    public void AllowsUnit_OfAnAllowedOrganization_AndOfNoOther(string unit, bool allowed) =>
        new SharePolicy { OrganizationArns = [Organization] }
            .AllowsUnit(unit)
            .Should()
            .Be(allowed);

    private static OperatorPolicy Require(string yaml)
    {
        using var file = new PolicyText(yaml);
        var reading = PolicyReader.Read(file.Path);
        reading.Problems.Should().BeEmpty();
        return reading.Policy!;
    }

    private static IEnumerable<string> Problems(string yaml)
    {
        using var file = new PolicyText(yaml);
        var reading = PolicyReader.Read(file.Path);
        reading.Policy.Should().BeNull();
        return [.. reading.Problems.Select(problem => problem.ToString())];
    }
}
