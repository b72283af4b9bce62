using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Guests.Scripted;

namespace BakeWorker.LocalCloud.Tests.Inspector;

public sealed class InstanceScanTests : IAsyncDisposable
{
    private readonly CloudWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Coverage_OfANewInstance_GoesFromUnmanagedToSuccessful()
    {
        _world.Scenario.Guest().BootTakes(TimeSpan.FromSeconds(25));
        var id = await _world.LaunchAsync();
        (await PackageReasonAsync(id)).Should().Be("INACTIVE UNMANAGED_EC2_INSTANCE");
        _world.PassSeconds(20);
        (await PackageReasonAsync(id)).Should().Be("INACTIVE NO_INVENTORY");
        _world.PassSeconds(15);
        (await PackageReasonAsync(id)).Should().Be("ACTIVE PENDING_INITIAL_SCAN");
        (await RowAsync(id, "PACKAGE")).ContainsKey("lastScannedAt").Should().BeFalse();
        _world.PassSeconds(60);

        (await PackageReasonAsync(id)).Should().Be("ACTIVE SUCCESSFUL");
        var row = await RowAsync(id, "PACKAGE");
        row["lastScannedAt"]!.GetValue<double>().Should().BeGreaterThan(_world.Time.GetUtcNow().AddMinutes(-1).ToUnixTimeSeconds());
        row["resourceMetadata"]!["ec2"]!["platform"]!.GetValue<string>().Should().Be("LINUX");
        (await RowAsync(id, "NETWORK"))["scanStatus"]!["reason"]!.GetValue<string>().Should().Be("SUCCESSFUL");
    }

    [Fact]
    public async Task Coverage_OfAnExcludedInstance_SaysSo()
    {
        var id = await _world.LaunchAsync(tags: ("InspectorEc2Exclusion", "true"));
        await ScanAsync(id);

        (await PackageReasonAsync(id)).Should().Be("INACTIVE EXCLUDED_BY_TAG");
    }

    [Fact]
    public async Task Coverage_OfAStoppedAndATerminatedInstance_SaysSo()
    {
        var id = await _world.LaunchAsync();
        await ScanAsync(id);
        await _world.Clients.Ec2.StopInstancesAsync(new() { InstanceIds = [id] }, Ct);
        _world.PassSeconds(20);
        (await PackageReasonAsync(id)).Should().Be("INACTIVE EC2_INSTANCE_STOPPED");
        await _world.Clients.Ec2.TerminateInstancesAsync(new() { InstanceIds = [id] }, Ct);
        _world.PassSeconds(20);

        (await PackageReasonAsync(id)).Should().Be("INACTIVE RESOURCE_TERMINATED");
    }

    [Fact]
    public async Task Scan_ThatNeverFinishes_StaysPending()
    {
        _world.Cloud.Inspector.Behavior.NeverFinishes = true;
        var id = await _world.LaunchAsync();
        await ScanAsync(id);
        _world.Pass(TimeSpan.FromMinutes(10));

        (await PackageReasonAsync(id)).Should().Be("ACTIVE PENDING_INITIAL_SCAN");
    }

    [Fact]
    public async Task Scan_ThatFailsByPlan_ShowsTheReason()
    {
        _world.Cloud.Inspector.Behavior.InstanceScanFailure = "UNSUPPORTED_OS";
        var id = await _world.LaunchAsync();
        await ScanAsync(id);

        (await PackageReasonAsync(id)).Should().Be("INACTIVE UNSUPPORTED_OS");
    }

    [Fact]
    public async Task Coverage_OfANotEnabledAccount_IsDeniedUntilItIsEnabled()
    {
        _world.Cloud.Inspector.Behavior.IsEnabled = false;

        var (status, error, _) = await _world.InspectorAsync("/coverage/list");
        (status, error).Should().Be((403, "AccessDeniedException"));
        (await Ec2StatusAsync()).Should().Be("DISABLED");
        await _world.InspectorAsync("/enable", """{"resourceTypes":["EC2"]}""");

        (await Ec2StatusAsync()).Should().Be("ENABLED");
        (await _world.InspectorAsync("/coverage/list")).Status.Should().Be(200);
    }

    [Fact]
    public async Task Findings_OfAnOldPackage_NameItAndItsFix()
    {
        var id = await _world.LaunchAsync();
        await WithPackagesAsync(id, "libc6 2.36-9+deb12u2 glibc", "openssh-server 1:9.2p1-2+deb12u2 openssh", "tar 1.34+dfsg-1.2+deb12u1");

        var findings = await FindingsAsync($$"""{"resourceId":[{"comparison":"EQUALS","value":"{{id}}"}]}""");

        var race = findings.Single(finding => Text(finding, "title") == "CVE-2024-6387 - openssh-server");
        Text(race, "severity").Should().Be("HIGH");
        Text(race, "status").Should().Be("ACTIVE");
        Text(race, "fixAvailable").Should().Be("YES");
        race["inspectorScore"]!.GetValue<double>().Should().Be(8.1);
        Text(race, "findingArn").Should().MatchRegex("^arn:aws:inspector2:eu-west-1:123456789012:finding/[0-9a-f]{32}$");
        race["firstObservedAt"]!.GetValue<double>().Should().BeGreaterThan(0);
        var package = race["packageVulnerabilityDetails"]!["vulnerablePackages"]![0]!;
        (package["name"]!.GetValue<string>(), package["epoch"]!.GetValue<int>(), package["version"]!.GetValue<string>())
            .Should()
            .Be(("openssh-server", 1, "9.2p1"));
        package["fixedInVersion"]!.GetValue<string>().Should().Be("1:9.2p1-2+deb12u3");
        race["resources"]![0]!["id"]!.GetValue<string>().Should().Be(id);
        Text(findings.Single(finding => Text(finding, "title").StartsWith("CVE-2005-2541", StringComparison.Ordinal)), "fixAvailable")
            .Should()
            .Be("NO");
    }

    [Fact]
    public async Task Findings_AreFilteredAsAsked()
    {
        var id = await _world.LaunchAsync();
        await WithPackagesAsync(id, "libc6 2.36-9+deb12u2 glibc", "tar 1.34+dfsg-1.2+deb12u1", "curl 7.88.1-10+deb12u3");

        (await TitlesAsync("""{"severity":[{"comparison":"EQUALS","value":"CRITICAL"}]}""")).Should().Equal("CVE-2023-38545 - curl");
        (await TitlesAsync("""{"fixAvailable":[{"comparison":"EQUALS","value":"NO"}]}""")).Should().Equal("CVE-2005-2541 - tar");
        (
            await TitlesAsync(
                """{"vulnerabilityId":[{"comparison":"PREFIX","value":"CVE-2005"},{"comparison":"PREFIX","value":"CVE-2024-3"}]}"""
            )
        )
            .Should()
            .Equal("CVE-2005-2541 - tar", "CVE-2024-33599 - libc6");
        (await TitlesAsync("""{"severity":[{"comparison":"NOT_EQUALS","value":"HIGH"},{"comparison":"NOT_EQUALS","value":"CRITICAL"}]}"""))
            .Should()
            .Equal("CVE-2005-2541 - tar", "CVE-2023-46218 - curl");
        (await TitlesAsync("""{"inspectorScore":[{"lowerInclusive":9.0}]}""")).Should().Equal("CVE-2023-38545 - curl");
        (
            await TitlesAsync(
                """{"lastObservedAt":[{"startInclusive":1}],"findingType":[{"comparison":"EQUALS","value":"NETWORK_REACHABILITY"}]}"""
            )
        )
            .Should()
            .BeEmpty();
        (await TitlesAsync("""{"ecrImageHash":[{"comparison":"EQUALS","value":"x"}]}""")).Should().BeEmpty();
        (await _world.InspectorAsync("/findings/list", """{"filterCriteria":{"colour":[{"comparison":"EQUALS","value":"x"}]}}"""))
            .ErrorType.Should()
            .Be("ValidationException");
        (await _world.InspectorAsync("/findings/list", """{"maxResults":101}""")).Status.Should().Be(400);
    }

    [Fact]
    public async Task Findings_ComeInPagesAndInTheOrderAsked()
    {
        var id = await _world.LaunchAsync();
        await WithPackagesAsync(id, "libc6 2.36-9+deb12u2 glibc", "tar 1.34+dfsg-1.2+deb12u1", "curl 7.88.1-10+deb12u3");
        const string Sort = "\"sortCriteria\":{\"field\":\"SEVERITY\",\"sortOrder\":\"DESC\"}";

        var (_, _, first) = await _world.InspectorAsync("/findings/list", "{\"maxResults\":1," + Sort + "}");
        var token = first["nextToken"]!.GetValue<string>();
        var (_, _, rest) = await _world.InspectorAsync(
            "/findings/list",
            "{\"maxResults\":100,\"nextToken\":\"" + token + "\"," + Sort + "}"
        );

        Text(first["findings"]!.AsArray().Single()!.AsObject(), "severity").Should().Be("CRITICAL");
        rest["findings"]!.AsArray().Count.Should().Be(6);
        Text(rest["findings"]!.AsArray()[^1]!.AsObject(), "severity").Should().Be("LOW");
        rest.ContainsKey("nextToken").Should().BeFalse();
    }

    [Fact]
    public async Task Findings_OfAMendedPackageOrATerminatedInstance_AreClosed()
    {
        var id = await _world.LaunchAsync();
        await WithPackagesAsync(id, "curl 7.88.1-10+deb12u3", "tar 1.34+dfsg-1.2+deb12u1");
        (await TitlesAsync("""{"findingStatus":[{"comparison":"EQUALS","value":"CLOSED"}]}""")).Should().BeEmpty();

        _world
            .Scenario.Command("upgrade")
            .Installs(new BakeWorker.LocalCloud.Guests.Package("curl", "7.88.1-10+deb12u14", "curl", "amd64"));
        await _world.Clients.Ssm.SendCommandAsync(
            new("AWS-RunShellScript", [id])
            {
                Comment = "upgrade",
                Parameters = new() { ["commands"] = ["x"] },
            },
            Ct
        );
        await FindingsAsync("{}");
        _world.Pass(TimeSpan.FromMinutes(31));
        await FindingsAsync("{}");

        (await TitlesAsync("""{"findingStatus":[{"comparison":"EQUALS","value":"CLOSED"}]}"""))
            .Should()
            .Equal("CVE-2023-38545 - curl", "CVE-2023-46218 - curl");
        await _world.Clients.Ec2.TerminateInstancesAsync(new() { InstanceIds = [id] }, Ct);
        _world.PassSeconds(20);
        (await TitlesAsync("""{"findingStatus":[{"comparison":"EQUALS","value":"ACTIVE"}]}""")).Should().BeEmpty();
    }

    [Fact]
    public async Task Aggregations_ByImageAndInstance_CountActiveFindings()
    {
        var id = await _world.LaunchAsync();
        await WithPackagesAsync(id, "libc6 2.36-9+deb12u2 glibc", "curl 7.88.1-10+deb12u3");

        var (_, _, images) = await _world.InspectorAsync("/findings/aggregation/list", """{"aggregationType":"AMI"}""");
        var (_, _, instances) = await _world.InspectorAsync("/findings/aggregation/list", """{"aggregationType":"AWS_EC2_INSTANCE"}""");

        var image = images["responses"]![0]!["amiAggregation"]!;
        image["affectedInstances"]!.GetValue<int>().Should().Be(1);
        image["severityCounts"]!.ToJsonString().Should().Be("""{"all":6,"critical":1,"high":4,"medium":1}""");
        instances["responses"]![0]!["ec2InstanceAggregation"]!["instanceId"]!.GetValue<string>().Should().Be(id);
        (await _world.InspectorAsync("/findings/aggregation/list", """{"aggregationType":"TITLE"}"""))
            .ErrorType.Should()
            .Be("ValidationException");
    }

    [Fact]
    public async Task Path_ThatIsUnknown_IsAnUnknownOperation()
    {
        var (status, error, _) = await _world.InspectorAsync("/sbomexport/create");

        (status, error).Should().Be((404, "UnknownOperationException"));
    }

    [Fact]
    public async Task Advisories_FromAFile_ReplaceTheBundledOnes()
    {
        var path = Path.GetTempFileName();
        try
        {
            const string Entry = """
                {"id":"CVE-2030-1","database_specific":{"severity":"critical"},"affected":[{"package":{"ecosystem":"Amazon Linux:2023","name":"bash"},
                "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"5.2.15-1.amzn2023.0.10"}]}]}]}
                """;
            await File.WriteAllTextAsync(path, Entry, Ct);
            await using var world = new CloudWorld(new LocalCloudOptions { AdvisoriesPath = path });
            await world.LaunchAsync();
            await world.InspectorAsync("/coverage/list");
            world.PassSeconds(100);

            var (_, _, body) = await world.InspectorAsync("/findings/list");

            Text(body["findings"]!.AsArray().Single()!.AsObject(), "title").Should().Be("CVE-2030-1 - bash");
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Gives the instance these packages and has Inspector scan it.</summary>
    private async Task WithPackagesAsync(string id, params string[] packages)
    {
        var list = SamplePackages.Of("Debian:12", "amd64", packages);
        var guest = _world.Guests.Guests.Single(guest => guest.Spec.InstanceId == id);
        guest.Install(list);
        await ScanAsync(id);
    }

    private async Task ScanAsync(string id)
    {
        await PackageReasonAsync(id);
        _world.PassSeconds(100);
    }

    private async Task<string> PackageReasonAsync(string id)
    {
        var status = (await RowAsync(id, "PACKAGE"))["scanStatus"]!;
        return $"{status["statusCode"]} {status["reason"]}";
    }

    private async Task<JsonObject> RowAsync(string id, string scanType)
    {
        var (status, _, body) = await _world.InspectorAsync(
            "/coverage/list",
            $$$"""
            {"filterCriteria":{"resourceId":[{"comparison":"EQUALS","value":"{{{id}}}"}],"scanType":[{"comparison":"EQUALS","value":"{{{scanType}}}"}]}}
            """
        );
        status.Should().Be(200);
        return body["coveredResources"]!.AsArray().Single()!.AsObject();
    }

    private async Task<List<JsonObject>> FindingsAsync(string criteria)
    {
        var (status, _, body) = await _world.InspectorAsync("/findings/list", "{\"maxResults\":100,\"filterCriteria\":" + criteria + "}");
        status.Should().Be(200, body.ToJsonString());
        return body["findings"]!.AsArray().Select(finding => finding!.AsObject()).ToList();
    }

    private async Task<IEnumerable<string>> TitlesAsync(string criteria) =>
        (await FindingsAsync(criteria)).Select(finding => Text(finding, "title"));

    private async Task<string> Ec2StatusAsync()
    {
        var (_, _, body) = await _world.InspectorAsync("/status/batch/get");
        return body["accounts"]![0]!["resourceState"]!["ec2"]!["status"]!.GetValue<string>();
    }

    private static string Text(JsonObject item, string name) => item[name]!.GetValue<string>();
}
