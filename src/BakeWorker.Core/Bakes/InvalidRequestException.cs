namespace BakeWorker.Core.Bakes;

/// <summary>A message that is no request this worker can ever carry out, with the result that tells its sender so.</summary>
public sealed class InvalidRequestException(BakeResult result, string? replyTo) : Exception(result.Failure?.Message)
{
    public BakeResult Result { get; } = result;
    public string? ReplyTo { get; } = replyTo;
    public ResultFailure Failure => Result.Failure!;
}
