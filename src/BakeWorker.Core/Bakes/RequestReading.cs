using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Bakes;

/// <summary>What a message body says: a request, or why it is none together with whatever could be read for the answer.</summary>
public sealed record RequestReading(BakeRequest? Request, IReadOnlyList<Problem> Problems)
{
    /// <summary>The recipe named, where that much could be read.</summary>
    public string? Recipe { get; init; }

    /// <summary>The requester's id, where that much could be read.</summary>
    public string? RequestId { get; init; }

    /// <summary>Where the requester wants the answer, where that much could be read.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>One of <see cref="FailureCodes"/> when there is no request.</summary>
    public string? Code { get; init; }

    /// <summary>The request, or a <see cref="BakeFailedException"/> with one line per problem.</summary>
    public BakeRequest Require() =>
        Request ?? throw new BakeFailedException(FailureKind.Invalid, Code!, string.Join('\n', Problems.Select(p => p.Message)));
}
