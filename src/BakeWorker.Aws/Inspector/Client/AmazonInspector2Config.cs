using Amazon.Inspector2.Internal;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace Amazon.Inspector2;

/// <summary>Configuration of <see cref="AmazonInspector2Client"/>.</summary>
public class AmazonInspector2Config : ClientConfig
{
    public AmazonInspector2Config()
        : base(new OneConfiguration())
    {
        // The SDK derives the names of the environment variables from this id: AWS_ENDPOINT_URL_INSPECTOR2.
        ServiceId = "Inspector2";
        AuthenticationServiceName = "inspector2";
        EndpointProvider = new Inspector2EndpointProvider(this);
    }

    public override string RegionEndpointServiceName => "inspector2";

    public override string ServiceVersion => "2020-06-08";

    public override string UserAgent => "BakeWorker";

    /// <summary>Path of an operation that no published model describes; see docs/adr.</summary>
    public string StartOnDemandScanPath { get; set; } = "/ondemandscan/start";

    /// <inheritdoc cref="StartOnDemandScanPath"/>
    public string GetOnDemandScanStatusPath { get; set; } = "/ondemandscan/status/get";

    /// <inheritdoc cref="StartOnDemandScanPath"/>
    public string ListOnDemandScansPath { get; set; } = "/ondemandscan/list";

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => new(FindUrl());

    /// <summary>The configured endpoint, else Inspector's own in the Region.</summary>
    internal string FindUrl()
    {
        if (!string.IsNullOrEmpty(ServiceURL))
        {
            return ServiceURL.TrimEnd('/');
        }

        var prefix = UseFIPSEndpoint ? "inspector2-fips" : "inspector2";
        var suffix = UseDualstackEndpoint
            ? RegionEndpoint.PartitionDnsSuffix.Replace("amazonaws.com", "api.aws")
            : RegionEndpoint.PartitionDnsSuffix;
        return $"https://{prefix}.{RegionEndpoint.SystemName}.{suffix}";
    }

    // The modes differ in time limits and retries, and both are the business of whoever makes the client.
    private sealed class OneConfiguration : IDefaultConfigurationProvider
    {
        public IDefaultConfiguration GetDefaultConfiguration(
            RegionEndpoint clientRegion,
            DefaultConfigurationMode? requestedConfigurationMode = null
        ) => new DefaultConfiguration { Name = DefaultConfigurationMode.Standard, RetryMode = RequestRetryMode.Standard };
    }
}
