namespace BakeWorker.Aws.Iam;

/// <summary>What policies are limited to. An account that is not known is a wildcard; so is every list of names that is empty.</summary>
public sealed record IamScope
{
    /// <summary>Twelve digits, or <c>*</c>.</summary>
    public string Account { get; init; } = "*";
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>SSM parameters that name published images.</summary>
    public IReadOnlyList<string> Pointers { get; init; } = [];

    /// <summary>Path of the SSM parameters in which schedules are kept.</summary>
    public string Schedules { get; init; } = "/bakeworker/schedules";

    /// <summary>SSM parameters that name bases.</summary>
    public IReadOnlyList<string> Bases { get; init; } = [];

    /// <summary>SSM documents of the recipes' steps, besides those that run scripts.</summary>
    public IReadOnlyList<string> Documents { get; init; } = [];

    /// <summary>Queues by name.</summary>
    public IReadOnlyList<string> Queues { get; init; } = [];

    /// <summary>Name of the role in the instance profile of builders and testers.</summary>
    public string ProfileRole { get; init; } = "";
    public string ProofBucket { get; init; } = "";
    public string ProofPrefix { get; init; } = "";

    /// <summary>Id, ARN or alias of the key that signs proofs; empty when a file does.</summary>
    public string ProofKey { get; init; } = "";

    /// <summary>The ARN of something of this account in any Region: which ones, one denial says for all.</summary>
    internal string Arn(string service, string resource) => $"arn:aws:{service}:*:{Account}:{resource}";
}
