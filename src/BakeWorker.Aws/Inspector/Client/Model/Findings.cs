using System.Text.Json.Serialization;
using Amazon.Runtime;

namespace Amazon.Inspector2.Model;

public sealed class ListFindingsRequest : AmazonWebServiceRequest
{
    public FilterCriteria? FilterCriteria { get; set; }

    /// <summary>1 to 100.</summary>
    public int? MaxResults { get; set; }
    public string? NextToken { get; set; }
}

/// <summary>Each list takes 1 to 10 entries.</summary>
public sealed class FilterCriteria
{
    public List<StringFilter>? Ec2InstanceImageId { get; set; }
    public List<StringFilter>? FindingStatus { get; set; }
    public List<StringFilter>? FindingType { get; set; }
    public List<StringFilter>? FixAvailable { get; set; }
    public List<StringFilter>? ResourceId { get; set; }
    public List<StringFilter>? ResourceType { get; set; }
    public List<StringFilter>? Severity { get; set; }
}

public sealed class StringFilter
{
    public StringComparison? Comparison { get; set; }
    public string? Value { get; set; }
}

public sealed class ListFindingsResponse : AmazonWebServiceResponse
{
    public List<Finding>? Findings { get; set; }
    public string? NextToken { get; set; }
}

public sealed class Finding
{
    public string? AwsAccountId { get; set; }
    public string? Description { get; set; }
    public EpssDetails? Epss { get; set; }
    public ExploitAvailable? ExploitAvailable { get; set; }
    public string? FindingArn { get; set; }
    public DateTime? FirstObservedAt { get; set; }
    public FixAvailable? FixAvailable { get; set; }
    public double? InspectorScore { get; set; }
    public DateTime? LastObservedAt { get; set; }
    public PackageVulnerabilityDetails? PackageVulnerabilityDetails { get; set; }
    public Remediation? Remediation { get; set; }
    public List<Resource>? Resources { get; set; }
    public Severity? Severity { get; set; }
    public FindingStatus? Status { get; set; }
    public string? Title { get; set; }
    public FindingType? Type { get; set; }
    public DateTime? UpdatedAt { get; set; }
}

public sealed class EpssDetails
{
    /// <summary>0 to 1.</summary>
    public double? Score { get; set; }
}

public sealed class PackageVulnerabilityDetails
{
    public List<string>? ReferenceUrls { get; set; }
    public List<string>? RelatedVulnerabilities { get; set; }
    public string? Source { get; set; }
    public string? SourceUrl { get; set; }
    public DateTime? VendorCreatedAt { get; set; }
    public string? VendorSeverity { get; set; }
    public DateTime? VendorUpdatedAt { get; set; }
    public string? VulnerabilityId { get; set; }
    public List<VulnerablePackage>? VulnerablePackages { get; set; }
}

public sealed class VulnerablePackage
{
    public string? Arch { get; set; }
    public int? Epoch { get; set; }
    public string? FilePath { get; set; }
    public string? FixedInVersion { get; set; }
    public string? Name { get; set; }
    public PackageManager? PackageManager { get; set; }
    public string? Release { get; set; }
    public string? Remediation { get; set; }
    public string? Version { get; set; }
}

public sealed class Remediation
{
    public Recommendation? Recommendation { get; set; }
}

public sealed class Recommendation
{
    public string? Text { get; set; }

    // The service writes this one name with a capital letter.
    [JsonPropertyName("Url")]
    public string? Url { get; set; }
}

public sealed class Resource
{
    public string? Id { get; set; }
    public string? Partition { get; set; }
    public string? Region { get; set; }
    public Dictionary<string, string>? Tags { get; set; }
    public ResourceType? Type { get; set; }
}
