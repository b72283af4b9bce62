using System.Text.Json.Serialization;

namespace BakeWorker.Core.Bakes;

/// <summary>A bake request as it stands in the queue message (<c>bakeworker schema request</c>).</summary>
public sealed record BakeRequest
{
    /// <summary>In the place of a recipe's name: every recipe, or all that have the labels.</summary>
    public const string EveryRecipe = "*";

    /// <summary>Name of the recipe, or <see cref="EveryRecipe"/>.</summary>
    public required string Recipe { get; init; }

    /// <summary>With <see cref="EveryRecipe"/>: labels that a recipe must have; null for any.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>With <see cref="EveryRecipe"/>: the requests become visible within so many seconds, 0 to 900; null for 900.</summary>
    public int? SpreadSeconds { get; init; }

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

    /// <summary>It stands for one request per recipe.</summary>
    [JsonIgnore]
    public bool IsForMany => Recipe == EveryRecipe;
}

/// <summary>The commit that asked for the bake.</summary>
public sealed record RequestSource(string? Repository, string? Revision);
