using Amazon.Inspector2;
using Amazon.Inspector2.Model;
using Amazon.Runtime;
using StringComparison = Amazon.Inspector2.StringComparison;

namespace BakeWorker.Aws.Tests.Inspector;

/// <summary>Our Inspector2 client on the wire, as the service's published model has it.</summary>
public sealed class Inspector2ClientTests : IDisposable
{
    private readonly Wire _wire = new();

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task ListFindings_Request_IsTheServicesJson()
    {
        _wire.Answer(200, """{"findings":[]}""", "application/json");
        using var client = Client();
        var request = new ListFindingsRequest
        {
            FilterCriteria = new FilterCriteria
            {
                ResourceId = [new StringFilter { Comparison = StringComparison.EQUALS, Value = "i-0123456789abcdef0" }],
            },
            MaxResults = 100,
        };

        await client.ListFindingsAsync(request, AwsWorld.Ct);

        var sent = _wire.Sent.Should().ContainSingle().Subject;
        sent.Method.Should().Be("POST");
        sent.Uri.ToString().Should().Be("https://inspector2.eu-west-1.amazonaws.com/findings/list");
        sent.Headers["Content-Type"].Should().StartWith("application/json");
        sent.Headers["Authorization"].Should().Contain("/eu-west-1/inspector2/aws4_request");
        sent.Body.Should()
            .Be("""{"filterCriteria":{"resourceId":[{"comparison":"EQUALS","value":"i-0123456789abcdef0"}]},"maxResults":100}""");
    }

    [Fact]
    public async Task ListFindings_Answer_IsReadLeniently()
    {
        _wire.Answer(
            200,
            """
            {"findings":[{"findingArn":"arn:x","severity":"HIGH","status":"ACTIVE","type":"PACKAGE_VULNERABILITY","title":"CVE-2026-1 - openssl",
              "firstObservedAt":1725469184.356,"lastObservedAt":1.726E9,"inspectorScore":7.5,"fixAvailable":"YES","newMember":{"a":[1]},
              "remediation":{"recommendation":{"text":"None Provided","Url":"https://x"}},
              "packageVulnerabilityDetails":{"vulnerabilityId":"CVE-2026-1","vendorCreatedAt":1700000000,
                "vulnerablePackages":[{"name":"openssl","version":"3.0.1","epoch":0,"fixedInVersion":"3.0.2","packageManager":"JAVA"}]}}],
             "nextToken":"t"}
            """,
            "application/json"
        );
        using var client = Client();

        var answer = await client.ListFindingsAsync(new ListFindingsRequest(), AwsWorld.Ct);

        _wire.Sent.Single().Body.Should().Be("{}");
        answer.NextToken.Should().Be("t");
        var finding = answer.Findings.Should().ContainSingle().Subject;
        finding.Severity.Should().Be(Severity.HIGH);
        finding
            .FirstObservedAt.Should()
            .BeCloseTo(new DateTime(2024, 9, 4, 16, 59, 44, 356, DateTimeKind.Utc), TimeSpan.FromMilliseconds(1));
        finding.Remediation!.Recommendation!.Url.Should().Be("https://x");
        finding.PackageVulnerabilityDetails!.VulnerablePackages![0].PackageManager!.Value.Should().Be("JAVA");
        finding.PackageVulnerabilityDetails.VendorCreatedAt!.Value.Kind.Should().Be(DateTimeKind.Utc);
    }

    [Theory]
    [InlineData(400, "ValidationException:http://internal", "{\"message\":\"bad\"}", typeof(ValidationException), "ValidationException")]
    [InlineData(409, "ConflictException", "{\"message\":\"bad\"}", typeof(ConflictException), "ConflictException")]
    [InlineData(
        403,
        null,
        "{\"__type\":\"com.amazonaws.inspector2#AccessDeniedException\",\"message\":\"bad\"}",
        typeof(AccessDeniedException),
        "AccessDeniedException"
    )]
    [InlineData(404, "ResourceNotFoundException", "{\"Message\":\"bad\"}", typeof(ResourceNotFoundException), "ResourceNotFoundException")]
    [InlineData(418, "TeapotException", "{\"message\":\"bad\"}", typeof(AmazonInspector2Exception), "TeapotException")]
    [InlineData(404, null, "<html>bad gateway</html>", typeof(AmazonInspector2Exception), "")]
    public async Task Error_Answer_IsTypedByItsCode(int status, string? header, string body, Type type, string code)
    {
        _wire.Answer(status, body, "application/json", header is null ? [] : [("x-amzn-errortype", header)]);
        using var client = Client();

        var list = () => client.ListCoverageAsync(new ListCoverageRequest(), AwsWorld.Ct);

        var error = (await list.Should().ThrowAsync<AmazonInspector2Exception>()).Which;
        error.Should().BeOfType(type);
        error.ErrorCode.Should().Be(code);
        ((int)error.StatusCode).Should().Be(status);
        if (body.StartsWith('{'))
        {
            error.Message.Should().Be("bad");
        }
    }

    [Fact]
    public async Task OnDemandScan_Paths_CanBeCorrected()
    {
        _wire.Answer(200, """{"scanId":"s-1"}""", "application/json");
        using var client = Client(config => config.StartOnDemandScanPath = "/elsewhere");

        var answer = await client.StartOnDemandScanAsync(
            new StartOnDemandScanRequest { ResourceId = "ami-1", ResourceType = "AMI" },
            AwsWorld.Ct
        );

        answer.ScanId.Should().Be("s-1");
        _wire.Sent.Single().Uri.AbsolutePath.Should().Be("/elsewhere");
        _wire.Sent.Single().Body.Should().Be("""{"resourceId":"ami-1","resourceType":"AMI"}""");
    }

    [Theory]
    [InlineData(null, false, "https://inspector2.eu-west-1.amazonaws.com/coverage/list")]
    [InlineData(null, true, "https://inspector2-fips.eu-west-1.amazonaws.com/coverage/list")]
    [InlineData("http://localhost:4599/", false, "http://localhost:4599/coverage/list")]
    public async Task Endpoint_OfTheConfiguration_IsUsed(string? url, bool fips, string address)
    {
        _wire.Answer(200, "{}", "application/json");
        using var client = Client(config =>
        {
            config.UseFIPSEndpoint = fips;
            if (url is not null)
            {
                config.ServiceURL = url;
                config.AuthenticationRegion = "eu-west-1";
            }
        });

        await client.ListCoverageAsync(new ListCoverageRequest(), AwsWorld.Ct);

        _wire.Sent.Single().Uri.ToString().Should().Be(address);
        _wire.Sent.Single().Headers["Authorization"].Should().Contain("/eu-west-1/inspector2/aws4_request");
    }

    private AmazonInspector2Client Client(Action<AmazonInspector2Config>? configure = null)
    {
        var config = new AmazonInspector2Config
        {
            RegionEndpoint = Amazon.RegionEndpoint.EUWest1,
            DefaultAWSCredentials = new BasicAWSCredentials("a", "b"),
            HttpClientFactory = new Factory(_wire),
            MaxErrorRetry = 0,
        };
        configure?.Invoke(config);
        return new AmazonInspector2Client(config);
    }

    private sealed class Factory(HttpMessageHandler handler) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler, disposeHandler: false);

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }
}
