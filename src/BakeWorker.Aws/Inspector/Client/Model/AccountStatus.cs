using Amazon.Runtime;

namespace Amazon.Inspector2.Model;

public sealed class BatchGetAccountStatusRequest : AmazonWebServiceRequest
{
    /// <summary>Up to 100; the caller's own account when absent.</summary>
    public List<string>? AccountIds { get; set; }
}

public sealed class BatchGetAccountStatusResponse : AmazonWebServiceResponse
{
    public List<AccountState>? Accounts { get; set; }
    public List<FailedAccount>? FailedAccounts { get; set; }
}

public sealed class AccountState
{
    public string? AccountId { get; set; }
    public ResourceState? ResourceState { get; set; }
    public State? State { get; set; }
}

public sealed class ResourceState
{
    public State? Ec2 { get; set; }
    public State? Ecr { get; set; }
}

public sealed class State
{
    public ErrorCode? ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public Status? Status { get; set; }
}

public sealed class FailedAccount
{
    public string? AccountId { get; set; }
    public ErrorCode? ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }
    public Status? Status { get; set; }
}
