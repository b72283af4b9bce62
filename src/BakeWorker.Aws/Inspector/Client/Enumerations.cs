using Amazon.Runtime;

namespace Amazon.Inspector2;

// Values of these types are open: the service adds new ones, and they arrive as they are. Only those we name are listed.

public sealed class CoverageStringComparison(string value) : ConstantClass(value)
{
    public static readonly CoverageStringComparison EQUALS = new("EQUALS");
    public static readonly CoverageStringComparison NOT_EQUALS = new("NOT_EQUALS");

    public static implicit operator CoverageStringComparison(string value) => new(value);
}

public sealed class StringComparison(string value) : ConstantClass(value)
{
    public static readonly StringComparison EQUALS = new("EQUALS");
    public static readonly StringComparison PREFIX = new("PREFIX");
    public static readonly StringComparison NOT_EQUALS = new("NOT_EQUALS");

    public static implicit operator StringComparison(string value) => new(value);
}

public sealed class CoverageResourceType(string value) : ConstantClass(value)
{
    public static readonly CoverageResourceType AWS_EC2_INSTANCE = new("AWS_EC2_INSTANCE");

    public static implicit operator CoverageResourceType(string value) => new(value);
}

public sealed class ResourceType(string value) : ConstantClass(value)
{
    public static readonly ResourceType AWS_EC2_INSTANCE = new("AWS_EC2_INSTANCE");

    public static implicit operator ResourceType(string value) => new(value);
}

public sealed class ScanType(string value) : ConstantClass(value)
{
    public static readonly ScanType NETWORK = new("NETWORK");
    public static readonly ScanType PACKAGE = new("PACKAGE");
    public static readonly ScanType CODE = new("CODE");

    public static implicit operator ScanType(string value) => new(value);
}

public sealed class ScanMode(string value) : ConstantClass(value)
{
    public static readonly ScanMode EC2_SSM_AGENT_BASED = new("EC2_SSM_AGENT_BASED");
    public static readonly ScanMode EC2_AGENTLESS = new("EC2_AGENTLESS");

    public static implicit operator ScanMode(string value) => new(value);
}

public sealed class ScanStatusCode(string value) : ConstantClass(value)
{
    public static readonly ScanStatusCode ACTIVE = new("ACTIVE");
    public static readonly ScanStatusCode INACTIVE = new("INACTIVE");

    public static implicit operator ScanStatusCode(string value) => new(value);
}

public sealed class ScanStatusReason(string value) : ConstantClass(value)
{
    public static implicit operator ScanStatusReason(string value) => new(value);
}

public sealed class Severity(string value) : ConstantClass(value)
{
    public static readonly Severity INFORMATIONAL = new("INFORMATIONAL");
    public static readonly Severity LOW = new("LOW");
    public static readonly Severity MEDIUM = new("MEDIUM");
    public static readonly Severity HIGH = new("HIGH");
    public static readonly Severity CRITICAL = new("CRITICAL");
    public static readonly Severity UNTRIAGED = new("UNTRIAGED");

    public static implicit operator Severity(string value) => new(value);
}

public sealed class FindingStatus(string value) : ConstantClass(value)
{
    public static readonly FindingStatus ACTIVE = new("ACTIVE");
    public static readonly FindingStatus SUPPRESSED = new("SUPPRESSED");
    public static readonly FindingStatus CLOSED = new("CLOSED");

    public static implicit operator FindingStatus(string value) => new(value);
}

public sealed class FindingType(string value) : ConstantClass(value)
{
    public static readonly FindingType NETWORK_REACHABILITY = new("NETWORK_REACHABILITY");
    public static readonly FindingType PACKAGE_VULNERABILITY = new("PACKAGE_VULNERABILITY");
    public static readonly FindingType CODE_VULNERABILITY = new("CODE_VULNERABILITY");

    public static implicit operator FindingType(string value) => new(value);
}

public sealed class FixAvailable(string value) : ConstantClass(value)
{
    public static readonly FixAvailable YES = new("YES");
    public static readonly FixAvailable NO = new("NO");
    public static readonly FixAvailable PARTIAL = new("PARTIAL");

    public static implicit operator FixAvailable(string value) => new(value);
}

public sealed class ExploitAvailable(string value) : ConstantClass(value)
{
    public static readonly ExploitAvailable YES = new("YES");
    public static readonly ExploitAvailable NO = new("NO");

    public static implicit operator ExploitAvailable(string value) => new(value);
}

public sealed class PackageManager(string value) : ConstantClass(value)
{
    public static readonly PackageManager OS = new("OS");

    public static implicit operator PackageManager(string value) => new(value);
}

public sealed class Status(string value) : ConstantClass(value)
{
    public static readonly Status ENABLING = new("ENABLING");
    public static readonly Status ENABLED = new("ENABLED");
    public static readonly Status DISABLING = new("DISABLING");
    public static readonly Status DISABLED = new("DISABLED");
    public static readonly Status SUSPENDING = new("SUSPENDING");
    public static readonly Status SUSPENDED = new("SUSPENDED");

    public static implicit operator Status(string value) => new(value);
}

public sealed class ErrorCode(string value) : ConstantClass(value)
{
    public static implicit operator ErrorCode(string value) => new(value);
}
