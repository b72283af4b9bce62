using Amazon.Runtime;

namespace Amazon.Inspector2.Model;

public sealed class ListCoverageRequest : AmazonWebServiceRequest
{
    public CoverageFilterCriteria? FilterCriteria { get; set; }

    /// <summary>1 to 200.</summary>
    public int? MaxResults { get; set; }
    public string? NextToken { get; set; }
}

/// <summary>Each list takes 1 to 10 entries.</summary>
public sealed class CoverageFilterCriteria
{
    public List<CoverageStringFilter>? ResourceId { get; set; }
    public List<CoverageStringFilter>? ResourceType { get; set; }
    public List<CoverageStringFilter>? ScanType { get; set; }
    public List<CoverageStringFilter>? ScanStatusCode { get; set; }
    public List<CoverageStringFilter>? ScanStatusReason { get; set; }
    public List<CoverageMapFilter>? Ec2InstanceTags { get; set; }
}

public sealed class CoverageMapFilter
{
    public CoverageStringComparison? Comparison { get; set; }
    public string? Key { get; set; }
    public string? Value { get; set; }
}

public sealed class CoverageStringFilter
{
    public CoverageStringComparison? Comparison { get; set; }
    public string? Value { get; set; }
}

public sealed class ListCoverageResponse : AmazonWebServiceResponse
{
    public List<CoveredResource>? CoveredResources { get; set; }
    public string? NextToken { get; set; }
}

public sealed class CoveredResource
{
    public string? AccountId { get; set; }
    public DateTime? LastScannedAt { get; set; }
    public string? ResourceId { get; set; }
    public CoverageResourceType? ResourceType { get; set; }
    public ScanMode? ScanMode { get; set; }
    public ScanStatus? ScanStatus { get; set; }
    public ScanType? ScanType { get; set; }
}

public sealed class ScanStatus
{
    public ScanStatusReason? Reason { get; set; }
    public ScanStatusCode? StatusCode { get; set; }
}
