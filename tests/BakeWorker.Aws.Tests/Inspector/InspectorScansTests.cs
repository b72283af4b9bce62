using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Scripted;

namespace BakeWorker.Aws.Tests.Inspector;

public sealed class InspectorScansTests : IDisposable
{
    private AwsWorld _world = new();
    private readonly Bake _bake = Sample.Bake();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Coverage_OfAManagedInstance_IsDoneAfterItsLaunch() =>
        _world.Run(async () =>
        {
            var builder = await _world.BuilderAsync(_bake);

            var status = await ConclusiveAsync(builder.Id);

            status.State.Should().Be(ScanState.Done);
            status.ScannedAt.Should().BeAfter(builder.LaunchedAt!.Value);
        });

    [Fact]
    public void Coverage_UnknownInstance_IsLeftOut() =>
        _world.Run(async () =>
            (await _world.Home.Scans.ReadCoverageAsync([new InstanceId("i-0123456789abcdef0")], AwsWorld.Ct)).Should().BeEmpty()
        );

    [Fact]
    public void Coverage_OfAnUnsupportedSystem_FailsClosed() =>
        _world.Run(async () =>
        {
            _world.Cloud.Inspector.Behavior.InstanceScanFailure = "UNSUPPORTED_OS";
            var builder = await _world.BuilderAsync(_bake);

            (await ConclusiveAsync(builder.Id))
                .Should()
                .Be(new ScanStatus(ScanState.Failed, "UNSUPPORTED_OS"), because: "nothing was scanned");
        });

    [Fact]
    public void Coverage_WithInspectorOff_FailsAtOnceAndSaysWhy() =>
        _world.Run(async () =>
        {
            _world.Cloud.Inspector.Behavior.IsEnabled = false;
            var builder = await _world.BuilderAsync(_bake);

            var status = (await _world.Home.Scans.ReadCoverageAsync([builder.Id], AwsWorld.Ct))[builder.Id];

            status.State.Should().Be(ScanState.Failed);
            status.Reason.Should().Be("Inspector's EC2 scanning is DISABLED in eu-west-1");
        });

    [Fact]
    public void Findings_OfVulnerablePackages_NamePackageVersionAndFix() =>
        _world.Run(async () =>
        {
            _world.Guests.Scenario.Guest().Packages(SamplePackages.Debian12.With(new Package("openssl", "3.0.0-1", "openssl", "amd64")));
            var builder = await _world.BuilderAsync(_bake);
            await ConclusiveAsync(builder.Id);

            var findings = await _world.WaitAsync(async () =>
                await _world.Home.Scans.ListFindingsAsync(builder.Id, AwsWorld.Ct) is { Count: > 0 } some ? some : null
            );

            findings
                .Should()
                .OnlyContain(finding => finding.VulnerabilityId.Length > 0 && finding.Package != null && !finding.IsSuppressed);
            findings.Should().Contain(finding => finding.IsFixable && finding.FixedVersion != null);
            findings
                .DistinctBy(finding => (finding.VulnerabilityId, finding.Package, finding.InstalledVersion))
                .Should()
                .HaveCount(findings.Count);
        });

    [Fact]
    public void Findings_SuppressedAndClosed_AreFlaggedAndLeftOut() =>
        _world.Run(async () =>
        {
            _world.Wire.Answer(
                200,
                """
                {"findings":[
                  {"title":"CVE-2026-1 - a, b","severity":"CRITICAL","status":"SUPPRESSED","fixAvailable":"PARTIAL","packageVulnerabilityDetails":
                    {"vulnerabilityId":"CVE-2026-1","vulnerablePackages":[{"name":"a","version":"1","fixedInVersion":"2"},{"name":"b","version":"1","fixedInVersion":"NotAvailable"}]}},
                  {"title":"CVE-2026-2 - c","severity":"LOW","status":"CLOSED"}],"nextToken":"more"}
                """,
                "application/json"
            );
            _world.Wire.Answer(200, """{"findings":[],"nextToken":"yet more"}""", "application/json");
            _world.Wire.Answer(
                200,
                """{"findings":[{"title":"CVE-2026-3 - d","severity":"DREADFUL","status":"ACTIVE"}]}""",
                "application/json"
            );

            var findings = await _world.Home.Scans.ListFindingsAsync(new InstanceId("i-0123456789abcdef0"), AwsWorld.Ct);

            findings.Should().HaveCount(3);
            findings[0]
                .Should()
                .BeEquivalentTo(
                    new
                    {
                        VulnerabilityId = "CVE-2026-1",
                        Package = "a",
                        IsFixable = true,
                        IsSuppressed = true,
                        FixedVersion = "2",
                    }
                );
            findings[1]
                .Should()
                .BeEquivalentTo(
                    new
                    {
                        VulnerabilityId = "CVE-2026-1",
                        Package = "b",
                        IsFixable = false,
                        IsSuppressed = true,
                    }
                );
            findings[2]
                .Should()
                .BeEquivalentTo(
                    new
                    {
                        VulnerabilityId = "CVE-2026-3",
                        Severity = Severity.Critical,
                        IsSuppressed = false,
                    }
                );
        });

    [Fact]
    public void ImageScan_OfAnImage_EndsWithItsFindings() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(_bake);
            var since = _world.Time.GetUtcNow();
            (await _world.Home.Scans.FindImageFindingsAsync(image.Id, since, AwsWorld.Ct)).Should().BeNull("nothing was scanned yet");

            var scan = await _world.Home.Scans.EnsureImageScanAsync(image.Id, AwsWorld.Ct);
            var again = await _world.Home.Scans.EnsureImageScanAsync(image.Id, AwsWorld.Ct);
            var status = await EndAsync(scan);
            var findings = (await _world.Home.Scans.FindImageFindingsAsync(image.Id, since, AwsWorld.Ct))!;

            again.Should().Be(scan, "a running scan is joined");
            status.State.Should().Be(ScanState.Done);
            findings.Should().NotBeEmpty().And.OnlyContain(finding => finding.VulnerabilityId.Length > 0 && finding.Package != null);
            (await _world.Home.Scans.FindImageFindingsAsync(image.Id, _world.Time.GetUtcNow().AddMinutes(1), AwsWorld.Ct))
                .Should()
                .BeNull();
        });

    [Fact]
    public void ImageScan_ThatSucceededBefore_IsNotPaidForTwice() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(_bake);
            var scan = await _world.Home.Scans.EnsureImageScanAsync(image.Id, AwsWorld.Ct);
            await EndAsync(scan);

            (await _world.Home.Scans.EnsureImageScanAsync(image.Id, AwsWorld.Ct)).Should().Be(scan);
        });

    [Theory]
    [InlineData("INTERNAL_ERROR", true)]
    [InlineData("AGENTLESS_INSTANCE_COLLECTION_TIME_LIMIT_EXCEEDED", true)]
    [InlineData("ACCESS_DENIED", false)]
    [InlineData("RESOURCE_TERMINATED", false)]
    public void ImageScan_ThatFailed_IsBegunAnewAndSaysWhetherThatHelps(string reason, bool helps) =>
        _world.Run(async () =>
        {
            _world.Cloud.Inspector.Behavior.ImageScanFailure = reason;
            var image = await _world.ImageAsync(_bake);
            var scan = await _world.Home.Scans.EnsureImageScanAsync(image.Id, AwsWorld.Ct);

            (await EndAsync(scan)).MayPassNextTime.Should().Be(helps);
            (await _world.Home.Scans.EnsureImageScanAsync(image.Id, AwsWorld.Ct)).Should().NotBe(scan);
        });

    [Fact]
    public void ImageScan_ThatFails_TellsInspectorsReason() =>
        _world.Run(async () =>
        {
            _world.Cloud.Inspector.Behavior.ImageScanFailure = "UNSUPPORTED_OS";
            var image = await _world.ImageAsync(_bake);

            var status = await EndAsync(await _world.Home.Scans.EnsureImageScanAsync(image.Id, AwsWorld.Ct));

            status.Should().Be(new ScanStatus(ScanState.Failed, "UNSUPPORTED_OS"));
        });

    [Fact]
    public void ImageScan_UnknownScan_IsLeftOut() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(_bake);

            (await _world.Home.Scans.ReadImageScansAsync([new ScanKey(image.Id, "none")], AwsWorld.Ct)).Should().BeEmpty();
        });

    [Fact]
    public void ImageScan_UnknownOperation_NamesTheWayOut()
    {
        _world.Dispose();
        _world = new AwsWorld(options => options.ScanPaths = new OnDemandScanPaths { List = "/no/such/path" });
        _world.Run(async () =>
        {
            var ensure = () => _world.Home.Scans.EnsureImageScanAsync(new ImageId("ami-0123456789abcdef0"), AwsWorld.Ct);

            var failure = (await ensure.Should().ThrowAsync<BakeFailedException>()).Which;
            failure.Code.Should().Be(FailureCodes.ScanUnavailable);
            failure.Message.Should().Contain("scan.source: instance").And.Contain("ScanPaths");
        });
    }

    private Task<ScanStatus> ConclusiveAsync(InstanceId id) =>
        _world.WaitAsync(async () =>
            (await _world.Home.Scans.ReadCoverageAsync([id], AwsWorld.Ct)).GetValueOrDefault(id) is { State: not ScanState.Running } ended
                ? ended
                : null
        );

    private Task<ScanStatus> EndAsync(ScanKey scan) =>
        _world.WaitAsync(async () =>
            (await _world.Home.Scans.ReadImageScansAsync([scan], AwsWorld.Ct)).GetValueOrDefault(scan)
                is { State: not ScanState.Running } ended
                ? ended
                : null
        );
}
