using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Faults;

/// <summary>What goes wrong with one call. A throttled call never has an effect; the other kinds strike before or after it.</summary>
public sealed record CallFault(FaultKind Kind, Moment Moment = Moment.BeforeEffect)
{
    /// <summary>How long a <see cref="FaultKind.Slow"/> call takes longer, how old the answer of a <see cref="FaultKind.StaleRead"/> may be.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The error that this fault answers with, in the words of the service; null for one that answers nothing of its own.</summary>
    internal CloudException? Error(string service) =>
        (Kind, service) switch
        {
            (FaultKind.Throttled, "ec2") => new("RequestLimitExceeded", "Request limit exceeded.", 503),
            (FaultKind.Throttled, "ssm") => new("ThrottlingException", "Rate exceeded"),
            (FaultKind.Throttled, "inspector2") => new("ThrottlingException", "Rate exceeded", 429),
            (FaultKind.Throttled, "sqs") => new("RequestThrottled", "The request was denied due to request throttling."),
            (FaultKind.Throttled, _) => new("Throttling", "Rate exceeded"),
            (FaultKind.InternalError, "ssm") => new("InternalServerError", "An error occurred on the server side.", 500),
            (FaultKind.InternalError, "inspector2") => new("InternalServerException", "Internal server error", 500),
            (FaultKind.InternalError, "ec2") => new("InternalError", "An internal error has occurred", 500),
            (FaultKind.InternalError, _) => new("InternalFailure", "The request processing has failed.", 500),
            (FaultKind.Unavailable, _) => new("ServiceUnavailable", "The service is unavailable. Please try again shortly.", 503),
            _ => null,
        };
}

/// <summary>The caller's connection ends without an answer.</summary>
public sealed class ConnectionDroppedException(string operation) : IOException($"The connection of {operation} was dropped.");
