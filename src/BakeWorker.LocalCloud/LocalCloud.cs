using System.Text;
using BakeWorker.LocalCloud.Ec2;
using BakeWorker.LocalCloud.Faults;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Inspector;
using BakeWorker.LocalCloud.Kms;
using BakeWorker.LocalCloud.Protocols;
using BakeWorker.LocalCloud.S3;
using BakeWorker.LocalCloud.Sqs;
using BakeWorker.LocalCloud.Ssm;
using BakeWorker.LocalCloud.Sts;

namespace BakeWorker.LocalCloud;

/// <summary>An AWS account in one process: takes requests as AWS's endpoints do and answers them from one shared state.</summary>
public sealed class LocalCloud : IAsyncDisposable
{
    private readonly Dictionary<string, Func<WireRequest, IWireProtocol>> _protocols;
    private long _requests;

    public LocalCloud(LocalCloudOptions options, TimeProvider time, IGuestHost guests)
    {
        Account = new(options, time, guests);
        Ec2 = new(Account);
        Ssm = new(Account, Ec2);
        Ec2.Parameters = new(
            (region, name) => Ssm.FindParameter(region, name)?.Value,
            region => Ssm.ListImageParameters(region).Select(parameter => (parameter.Name, parameter.Value))
        );
        Inspector = new(Account, Ec2);
        Sqs = new(Account);
        Sts = new(Account);
        Kms = new(Account);
        S3 = new(Account);

        var ec2 = new Ec2QueryProtocol(Ec2);
        var ssm = new JsonProtocol(Ssm, "1.1");
        var kms = new JsonProtocol(Kms, "1.1");
        var s3 = new S3Protocol(S3);
        var inspector = new RestJsonProtocol(Inspector);
        var sts = new AwsQueryProtocol(Sts, "https://sts.amazonaws.com/doc/2011-06-15/");
        var sqsJson = new JsonProtocol(Sqs, "1.0", "com.amazonaws.sqs#", SqsErrors.QueryCode);
        var sqsQuery = new AwsQueryProtocol(new SqsQueryFace(Sqs), "http://queue.amazonaws.com/doc/2012-11-05/", SqsErrors.ToQuery);
        _protocols = new()
        {
            ["ec2"] = _ => ec2,
            ["ssm"] = _ => ssm,
            ["kms"] = _ => kms,
            ["s3"] = _ => s3,
            ["inspector2"] = _ => inspector,
            ["sts"] = _ => sts,
            ["sqs"] = request => request.Header("X-Amz-Target") is null ? sqsQuery : sqsJson,
        };
    }

    /// <summary>The gate, the timeline and the ids that all services share.</summary>
    public LocalCloudAccount Account { get; }

    /// <summary>What goes wrong here, by plan and by seed.</summary>
    public CloudFaults Faults => Account.Faults;
    public Ec2Service Ec2 { get; }
    public SsmService Ssm { get; }
    public InspectorService Inspector { get; }
    public SqsService Sqs { get; }
    public StsService Sts { get; }
    public KmsService Kms { get; }
    public S3Service S3 { get; }

    /// <summary>Answers one request. Completes synchronously whenever the service does, so that virtual time stays in step.</summary>
    /// <exception cref="ConnectionDroppedException">A fault: the caller gets no answer.</exception>
    public async Task<WireResponse> HandleAsync(WireRequest request, CancellationToken ct)
    {
        var requestId = NextRequestId();
        var protocol = Guess(request);
        WireResponse response;
        try
        {
            var scope = CredentialScope.Read(request);
            protocol = FindProtocol(scope, request);
            response = await AnswerAsync(protocol, scope, request, requestId, ct);
        }
        catch (CloudException error)
        {
            response = protocol.Refuse(error, requestId);
        }
        catch (Exception e) when (e is not ConnectionDroppedException && !(e is OperationCanceledException && ct.IsCancellationRequested))
        {
            // A defect of ours must look like AWS's own, and must still say what it was.
            response = protocol.Refuse(new("InternalFailure", $"LocalCloud failed: {e.GetType().Name}: {e.Message}", 500), requestId);
        }

        return response with
        {
            Headers = new Dictionary<string, string>(response.Headers) { ["x-amzn-RequestId"] = requestId },
        };
    }

    /// <summary>A handler that carries an HTTP client's requests here without a network.</summary>
    public HttpMessageHandler CreateHandler() => new InMemoryHandler(this);

    public async ValueTask DisposeAsync()
    {
        Account.Dispose();
        await Account.Guests.DisposeAsync();
    }

    private ValueTask<WireResponse> AnswerAsync(
        IWireProtocol protocol,
        CredentialScope scope,
        WireRequest request,
        string requestId,
        CancellationToken ct
    )
    {
        if (!Account.Options.Regions.Contains(scope.Region, StringComparer.Ordinal))
        {
            throw protocol.WrongRegion(scope.Region);
        }

        var action = protocol.FindAction(request);
        if (string.IsNullOrEmpty(action))
        {
            throw new CloudException("MissingAction", $"No action of {scope.Service} is meant by {request.Method} {request.Path}");
        }

        var call = new Call(scope.Service, scope.Region, action, requestId)
        {
            Endpoint = $"{request.Scheme}://{request.Header("Host") ?? "localhost"}",
            Path = request.Path,
            AccessKeyId = scope.AccessKeyId,
        };
        return Account.Faults.PassAsync(call, request, () => protocol.AnswerAsync(call, request, ct), ct);
    }

    private IWireProtocol FindProtocol(CredentialScope scope, WireRequest request) =>
        _protocols.TryGetValue(scope.Service, out var choose)
            ? choose(request)
            : throw new CloudException(
                "InvalidAction",
                $"LocalCloud has no service '{scope.Service}': it has {string.Join(", ", _protocols.Keys)}."
            );

    /// <summary>The protocol to refuse in when the request does not say which service it is for.</summary>
    private IWireProtocol Guess(WireRequest request)
    {
        var service =
            request.Header("X-Amz-Target") is { } target ? (target.StartsWith("AmazonSQS", StringComparison.Ordinal) ? "sqs" : "ssm")
            : request.Path is not "/" && request.Header("Content-Type") is { } type && type.Contains("json", StringComparison.Ordinal)
                ? "inspector2"
            : Encoding.UTF8.GetString(request.Body).Contains("Version=2016-11-15", StringComparison.Ordinal) ? "ec2"
            : "sts";
        return _protocols[service](request);
    }

    // Counted, not drawn: asking more often must not change the ids that resources get.
    private string NextRequestId() => $"{Interlocked.Increment(ref _requests):x8}-0000-4000-8000-{Account.Options.AccountId}";
}
