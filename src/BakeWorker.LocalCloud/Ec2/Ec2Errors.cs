using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2;

/// <summary>EC2's errors that more than one action gives.</summary>
internal static class Ec2Errors
{
    public static CloudException InvalidValue(string sentence) => new("InvalidParameterValue", sentence);

    public static CloudException InvalidValue(string parameter, string value, string expectation) =>
        new("InvalidParameterValue", $"Value ({value}) for parameter {parameter} is invalid. {expectation}");

    public static CloudException InvalidCombination(string sentence) => new("InvalidParameterCombination", sentence);

    public static CloudException Missing(string parameter) =>
        new("MissingParameter", $"The request must contain the parameter {parameter}");

    public static CloudException TokenMismatch() =>
        new(
            "IdempotentParameterMismatch",
            "Arguments on this idempotent request are inconsistent with arguments used in previous request(s)."
        );

    public static CloudException DryRun() => new("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);

    public static CloudException NotAuthorized(string kind, string id) => new("AuthFailure", $"Not authorized for {kind}:{id}", 403);

    /// <summary>Capacity errors are the server's own; everything else is the caller's.</summary>
    public static CloudException Refusal(string code, string sentence) =>
        new(
            code,
            sentence,
            code.StartsWith("Insufficient", StringComparison.Ordinal) ? 500
                : code == "RequestLimitExceeded" ? 503
                : 400
        );
}
