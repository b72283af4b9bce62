namespace BakeWorker.Core.Bakes;

/// <summary>A bake request as it stands in the queue message (<c>bakeworker schema request</c>).</summary>
public sealed record BakeRequest
{
    /// <summary>Name of the recipe.</summary>
    public required string Recipe { get; init; }

    /// <summary>The requester's own id, 1 to 128 characters; the SQS message id when absent.</summary>
    public required string RequestId { get; init; }
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Free words such as <c>ci</c> or <c>nightly</c>.</summary>
    public string? Reason { get; init; }
    public string? RequestedBy { get; init; }
    public RequestSource? Source { get; init; }

    /// <summary>Skip when nothing changed since the current image.</summary>
    public bool IfChanged { get; init; }

    /// <summary>Everything up to the first mutating call.</summary>
    public bool DryRun { get; init; }

    /// <summary>URL of a queue that gets the result besides the configured one.</summary>
    public string? ReplyTo { get; init; }
}

/// <summary>The commit that asked for the bake.</summary>
public sealed record RequestSource(string? Repository, string? Revision);
