using Amazon;
using Amazon.EC2;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SimpleSystemsManagement;
using Amazon.SQS;
using LocalAccount = BakeWorker.LocalCloud.LocalCloud;

namespace BakeWorker.Testing;

/// <summary>The real SDK clients, bound to a LocalCloud in memory, with the SDK's own retries off.</summary>
public sealed class LocalCloudClients(LocalAccount cloud, string region = "eu-west-1") : IDisposable
{
    private readonly List<IDisposable> _opened = [];
    private readonly BasicAWSCredentials _credentials = new("AKIALOCALCLOUD000000", "local-secret");

    public IAmazonEC2 Ec2 => field ??= Open(new AmazonEC2Client(_credentials, Configure(new AmazonEC2Config())));

    public IAmazonSimpleSystemsManagement Ssm =>
        field ??= Open(new AmazonSimpleSystemsManagementClient(_credentials, Configure(new AmazonSimpleSystemsManagementConfig())));

    public IAmazonSQS Sqs => field ??= Open(new AmazonSQSClient(_credentials, Configure(new AmazonSQSConfig())));

    public IAmazonSecurityTokenService Sts =>
        field ??= Open(new AmazonSecurityTokenServiceClient(_credentials, Configure(new AmazonSecurityTokenServiceConfig())));

    public IAmazonS3 S3 => field ??= Open(new AmazonS3Client(_credentials, Configure(new AmazonS3Config())));

    public IAmazonKeyManagementService Kms =>
        field ??= Open(new AmazonKeyManagementServiceClient(_credentials, Configure(new AmazonKeyManagementServiceConfig())));

    public HttpClient Http => field ??= Open(new HttpClient(cloud.CreateHandler()));

    public void Dispose()
    {
        foreach (var client in _opened)
        {
            client.Dispose();
        }
    }

    private T Open<T>(T client)
        where T : IDisposable
    {
        _opened.Add(client);
        return client;
    }

    private T Configure<T>(T config)
        where T : ClientConfig
    {
        config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        config.IgnoreConfiguredEndpointUrls = true;
        config.MaxErrorRetry = 0;
        config.HttpClientFactory = new InMemoryFactory(cloud);
        return config;
    }

    private sealed class InMemoryFactory(LocalAccount cloud) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
            new(cloud.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }
}
