using Amazon.Inspector2.Model;

namespace Amazon.Inspector2;

/// <summary>The operations of Amazon Inspector that a bakery needs, named as the AWS SDK names them, so that its package can take this folder's place.</summary>
public interface IAmazonInspector2 : IDisposable
{
    Task<BatchGetAccountStatusResponse> BatchGetAccountStatusAsync(
        BatchGetAccountStatusRequest request,
        CancellationToken cancellationToken = default
    );

    Task<ListCoverageResponse> ListCoverageAsync(ListCoverageRequest request, CancellationToken cancellationToken = default);

    Task<ListFindingsResponse> ListFindingsAsync(ListFindingsRequest request, CancellationToken cancellationToken = default);

    Task<StartOnDemandScanResponse> StartOnDemandScanAsync(StartOnDemandScanRequest request, CancellationToken cancellationToken = default);

    Task<GetOnDemandScanStatusResponse> GetOnDemandScanStatusAsync(
        GetOnDemandScanStatusRequest request,
        CancellationToken cancellationToken = default
    );

    Task<ListOnDemandScansResponse> ListOnDemandScansAsync(ListOnDemandScansRequest request, CancellationToken cancellationToken = default);
}
