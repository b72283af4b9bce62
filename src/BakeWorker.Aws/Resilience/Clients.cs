using Amazon;
using Amazon.EC2;
using Amazon.Inspector2;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SimpleSystemsManagement;
using Amazon.SQS;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Telemetry;

namespace BakeWorker.Aws.Resilience;

/// <summary>Makes SDK clients that all behave alike: same endpoint rules, same credentials, same policy, same telemetry.</summary>
internal sealed class Clients(
    AwsOptions options,
    TimeProvider time,
    Func<double> random,
    HttpMessageHandler? handler,
    AWSCredentials? credentials
)
{
    private readonly HttpClientFactory? _http = handler is null ? null : new FixedHandler(handler);

    public IAmazonEC2 Ec2(string region) => Open(() => new Ec2Client(Configure(new AmazonEC2Config(), region), Policy("EC2", region)));

    public IAmazonSimpleSystemsManagement Ssm(string region) =>
        Open(() => new SsmClient(Configure(new AmazonSimpleSystemsManagementConfig(), region), Policy("SSM", region)));

    public IAmazonSQS Sqs(string region) => Open(() => new SqsClient(Configure(new AmazonSQSConfig(), region), Policy("SQS", region)));

    public IAmazonSecurityTokenService Sts(string region) =>
        Open(() => new StsClient(Configure(new AmazonSecurityTokenServiceConfig(), region), Policy("STS", region)));

    // Buckets in the path work with every store that speaks S3, names or none.
    public IAmazonS3 S3(string region) =>
        Open(() => new S3Client(Configure(new AmazonS3Config { ForcePathStyle = true }, region), Policy("S3", region)));

    public IAmazonKeyManagementService Kms(string region) =>
        Open(() => new KmsClient(Configure(new AmazonKeyManagementServiceConfig(), region), Policy("KMS", region)));

    public IAmazonInspector2 Inspector(string region) =>
        Open(() =>
            new InspectorClient(
                Configure(
                    new AmazonInspector2Config
                    {
                        StartOnDemandScanPath = options.ScanPaths.Start,
                        GetOnDemandScanStatusPath = options.ScanPaths.Status,
                        ListOnDemandScansPath = options.ScanPaths.List,
                    },
                    region
                ),
                Policy("Inspector2", region)
            )
        );

    // Some clients look for credentials, and all judge their address, as soon as they are made: before there is a call that could fail.
    private static T Open<T>(Func<T> create)
    {
        try
        {
            return create();
        }
        catch (AmazonClientException exception)
        {
            throw AwsFailures.Unopened(exception);
        }
    }

    private CallPolicy Policy(string service, string region) => new(service, region, options, time, random);

    private T Configure<T>(T config, string region)
        where T : ClientConfig
    {
        if (options.ServiceUrl is { } url)
        {
            config.ServiceURL = url;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        // An endpoint from the environment would otherwise be signed for the environment's Region, whichever this client is for.
        config.AuthenticationRegion = region;
        if (options.Profile is { } profile)
        {
            config.Profile = new Profile(profile);
        }

        if (credentials is not null)
        {
            config.DefaultAWSCredentials = credentials;
        }

        if (_http is not null)
        {
            config.HttpClientFactory = _http;
        }

        config.MaxErrorRetry = 0;
        config.TelemetryProvider = ActivityTracing.Create();
        return config;
    }

    private sealed class FixedHandler(HttpMessageHandler handler) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
            new(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }

    private sealed class Ec2Client(AmazonEC2Config config, CallPolicy policy) : AmazonEC2Client(config)
    {
        protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
        {
            base.CustomizeRuntimePipeline(pipeline);
            policy.Install(pipeline);
        }
    }

    private sealed class SsmClient(AmazonSimpleSystemsManagementConfig config, CallPolicy policy)
        : AmazonSimpleSystemsManagementClient(config)
    {
        protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
        {
            base.CustomizeRuntimePipeline(pipeline);
            policy.Install(pipeline);
        }
    }

    private sealed class SqsClient(AmazonSQSConfig config, CallPolicy policy) : AmazonSQSClient(config)
    {
        protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
        {
            base.CustomizeRuntimePipeline(pipeline);
            policy.Install(pipeline);
        }
    }

    private sealed class StsClient(AmazonSecurityTokenServiceConfig config, CallPolicy policy) : AmazonSecurityTokenServiceClient(config)
    {
        protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
        {
            base.CustomizeRuntimePipeline(pipeline);
            policy.Install(pipeline);
        }
    }

    private sealed class S3Client(AmazonS3Config config, CallPolicy policy) : AmazonS3Client(config)
    {
        protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
        {
            base.CustomizeRuntimePipeline(pipeline);
            policy.Install(pipeline);
        }
    }

    private sealed class KmsClient(AmazonKeyManagementServiceConfig config, CallPolicy policy) : AmazonKeyManagementServiceClient(config)
    {
        protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
        {
            base.CustomizeRuntimePipeline(pipeline);
            policy.Install(pipeline);
        }
    }

    private sealed class InspectorClient(AmazonInspector2Config config, CallPolicy policy) : AmazonInspector2Client(config)
    {
        protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
        {
            base.CustomizeRuntimePipeline(pipeline);
            policy.Install(pipeline);
        }
    }
}
