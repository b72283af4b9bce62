using System.Collections.Concurrent;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Amazon.SQS;
using BakeWorker.Aws.Proofs;
using BakeWorker.Aws.Resilience;
using BakeWorker.Aws.Sqs;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Proofs;

namespace BakeWorker.Aws;

/// <summary>An AWS account, or anything that speaks its protocols.</summary>
public sealed class AwsCloud : ICloud, IDisposable
{
    private readonly ConcurrentDictionary<string, AwsRegion> _regions = new();
    private readonly AwsOptions _options;
    private readonly TimeProvider _time;
    private readonly Clients _clients;
    private readonly string _home;
    private readonly Lazy<IAmazonSecurityTokenService> _sts;
    private readonly Lazy<IAmazonSQS> _sqs;
    private readonly Lazy<IBakeQueue> _queue;
    private readonly List<IDisposable> _opened = [];
    private string? _account;

    private AwsCloud(AwsOptions options, TimeProvider time, Clients clients)
    {
        (_options, _time, _clients, _home) = (options, time, clients, options.Region ?? DefaultRegion());
        _sts = new(() => clients.Sts(_home));
        _sqs = new(() => clients.Sqs(_home));
        _queue = new(() => string.IsNullOrEmpty(options.Queue) ? throw NoQueue() : new BakeQueue(_sqs.Value, options, time));
    }

    public IRegion Home => In(_home);

    /// <summary>The request queue of the settings.</summary>
    public IBakeQueue Queue => _queue.Value;

    /// <summary>Any other queue.</summary>
    public IQueues Queues => new QueueDesk(_sqs.Value, _options, _time);

    /// <summary>The bucket of the options as a place for proofs.</summary>
    public IProofStore OpenBucket(ProofOptions proof)
    {
        var s3 = Own(_clients.S3(RegionOf(proof)));
        return new BucketStore(s3, proof.Bucket, proof.Prefix);
    }

    /// <summary>The KMS key of the options.</summary>
    public IProofKey OpenKey(ProofOptions proof)
    {
        var kms = Own(_clients.Kms(RegionOf(proof)));
        return new KmsProofKey(kms, proof.KmsKey);
    }

    /// <summary>
    /// The account that the settings and the SDK's own environment name. With a <paramref name="handler"/> every call goes through it
    /// instead of a network, signed with <paramref name="credentials"/> or made-up ones.
    /// </summary>
    public static AwsCloud Create(
        AwsOptions options,
        TimeProvider time,
        HttpMessageHandler? handler = null,
        AWSCredentials? credentials = null,
        Func<double>? random = null
    )
    {
        var signer = credentials ?? (handler is null ? null : new BasicAWSCredentials("local", "local"));
        return new AwsCloud(options, time, new Clients(options, time, random ?? Random.Shared.NextDouble, handler, signer));
    }

    public IRegion In(string region) => _regions.GetOrAdd(region, name => new AwsRegion(name, _clients, _options, _time));

    public async Task<string> FindAccountAsync(CancellationToken ct) =>
        _account ??= (await _sts.Value.GetCallerIdentityAsync(new GetCallerIdentityRequest(), ct)).Account;

    public void Dispose()
    {
        foreach (var region in _regions.Values)
        {
            region.Dispose();
        }

        foreach (var client in new[] { _sts.IsValueCreated ? (IDisposable)_sts.Value : null, _sqs.IsValueCreated ? _sqs.Value : null })
        {
            client?.Dispose();
        }

        lock (_opened)
        {
            _opened.ForEach(client => client.Dispose());
        }
    }

    private T Own<T>(T client)
        where T : IDisposable
    {
        lock (_opened)
        {
            _opened.Add(client);
        }

        return client;
    }

    private string RegionOf(ProofOptions proof) => proof.Region.Length > 0 ? proof.Region : _home;

    private static string DefaultRegion() =>
        FallbackRegionFactory.GetRegionEndpoint()?.SystemName
        ?? throw new BakeFailedException(
            FailureKind.Invalid,
            FailureCodes.AwsRejected,
            "no AWS Region is known; set AWS_REGION, a Region in the AWS profile, or the setting Aws:Region."
        );

    private static BakeFailedException NoQueue() =>
        new(FailureKind.Failed, FailureCodes.AwsRejected, "no request queue is known; give its name or URL in the setting Queue.");
}
