using Amazon.Runtime;

namespace Amazon.Inspector2.Model;

public sealed class StartOnDemandScanRequest : AmazonWebServiceRequest
{
    public string? ResourceId { get; set; }

    /// <summary><c>AMI</c>. In events the same thing is called MACHINE_IMAGE.</summary>
    public string? ResourceType { get; set; }
}

public sealed class StartOnDemandScanResponse : AmazonWebServiceResponse
{
    public string? ScanId { get; set; }
}

public sealed class GetOnDemandScanStatusRequest : AmazonWebServiceRequest
{
    public string? ResourceId { get; set; }
    public string? ResourceType { get; set; }
    public string? ScanId { get; set; }
}

public sealed class GetOnDemandScanStatusResponse : AmazonWebServiceResponse
{
    /// <summary>IN_PROGRESS, SUCCESSFUL or FAILED.</summary>
    public string? ScanStatus { get; set; }
    public string? ScanStatusReason { get; set; }
    public DateTime? CompletedAt { get; set; }
}

public sealed class ListOnDemandScansRequest : AmazonWebServiceRequest
{
    public int? MaxResults { get; set; }
    public string? NextToken { get; set; }
    public string? ResourceId { get; set; }
    public string? ResourceType { get; set; }
}

public sealed class ListOnDemandScansResponse : AmazonWebServiceResponse
{
    /// <summary>Most recent first.</summary>
    public List<OnDemandScan>? Items { get; set; }
    public string? NextToken { get; set; }
}

/// <summary>The members are those of the other two operations; the published pages do not list them.</summary>
public sealed class OnDemandScan
{
    public string? ScanId { get; set; }
    public string? ScanStatus { get; set; }
    public string? ScanStatusReason { get; set; }
}
