using System.Text.Json.Serialization.Metadata;
using Amazon.Inspector2.Internal;
using Amazon.Inspector2.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Amazon.Inspector2;

/// <summary>Amazon Inspector over the AWS SDK's own pipeline: REST-JSON, SigV4, the SDK's credentials and endpoint settings.</summary>
public class AmazonInspector2Client(AmazonInspector2Config config) : AmazonServiceClient(config), IAmazonInspector2
{
    private static readonly Inspector2Json Json = Inspector2Json.Wire;

    protected override IServiceMetadata ServiceMetadata { get; } = new Metadata();

    public virtual Task<BatchGetAccountStatusResponse> BatchGetAccountStatusAsync(
        BatchGetAccountStatusRequest request,
        CancellationToken cancellationToken = default
    ) => SendAsync("/status/batch/get", request, Json.BatchGetAccountStatusRequest, Json.BatchGetAccountStatusResponse, cancellationToken);

    public virtual Task<ListCoverageResponse> ListCoverageAsync(
        ListCoverageRequest request,
        CancellationToken cancellationToken = default
    ) => SendAsync("/coverage/list", request, Json.ListCoverageRequest, Json.ListCoverageResponse, cancellationToken);

    public virtual Task<ListFindingsResponse> ListFindingsAsync(
        ListFindingsRequest request,
        CancellationToken cancellationToken = default
    ) => SendAsync("/findings/list", request, Json.ListFindingsRequest, Json.ListFindingsResponse, cancellationToken);

    public virtual Task<StartOnDemandScanResponse> StartOnDemandScanAsync(
        StartOnDemandScanRequest request,
        CancellationToken cancellationToken = default
    ) => SendAsync(config.StartOnDemandScanPath, request, Json.StartOnDemandScanRequest, Json.StartOnDemandScanResponse, cancellationToken);

    public virtual Task<GetOnDemandScanStatusResponse> GetOnDemandScanStatusAsync(
        GetOnDemandScanStatusRequest request,
        CancellationToken cancellationToken = default
    ) =>
        SendAsync(
            config.GetOnDemandScanStatusPath,
            request,
            Json.GetOnDemandScanStatusRequest,
            Json.GetOnDemandScanStatusResponse,
            cancellationToken
        );

    public virtual Task<ListOnDemandScansResponse> ListOnDemandScansAsync(
        ListOnDemandScansRequest request,
        CancellationToken cancellationToken = default
    ) => SendAsync(config.ListOnDemandScansPath, request, Json.ListOnDemandScansRequest, Json.ListOnDemandScansResponse, cancellationToken);

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        // As in every client of the SDK: the endpoint and the way to sign are chosen once a request is marshalled.
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new Inspector2EndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new Inspector2AuthHandler());
    }

    private Task<TResponse> SendAsync<TRequest, TResponse>(
        string path,
        TRequest request,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken ct
    )
        where TRequest : AmazonWebServiceRequest
        where TResponse : AmazonWebServiceResponse, new() =>
        InvokeAsync<TResponse>(
            request,
            new InvokeOptions
            {
                RequestMarshaller = new Inspector2Marshaller<TRequest>(path, requestType),
                ResponseUnmarshaller = new Inspector2Unmarshaller<TResponse>(responseType),
            },
            ct
        );

    private sealed class Metadata : IServiceMetadata
    {
        public string ServiceId => "Inspector2";

        public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
    }
}
