namespace BakeWorker.Core.Bakes;

/// <summary>Every failure code. Stable: users alert on them. Each one is explained in docs/failures.md with who must act.</summary>
public static class FailureCodes
{
    // The request or the recipe
    public const string RequestMalformed = "request-malformed";
    public const string RequestUnknownField = "request-unknown-field";
    public const string RequestInvalid = "request-invalid";
    public const string RecipeUnknown = "recipe-unknown";
    public const string RecipeInvalid = "recipe-invalid";
    public const string ParameterInvalid = "parameter-invalid";
    public const string PolicyRefused = "policy-refused";

    // The base
    public const string BaseNotFound = "base-not-found";
    public const string BaseUntrusted = "base-untrusted";
    public const string BaseUnsuitable = "base-unsuitable";
    public const string BaseDeprecated = "base-deprecated";
    public const string BaseTooOld = "base-too-old";

    // Where it goes
    public const string TargetUnfit = "target-unfit";
    public const string GuestUnavailable = "guest-unavailable";

    // The builder
    public const string NoCapacity = "no-capacity";
    public const string BuilderLost = "builder-lost";
    public const string AgentSilent = "agent-silent";
    public const string StepFailed = "step-failed";
    public const string StepTimedOut = "step-timed-out";
    public const string StepUndelivered = "step-undelivered";
    public const string HygieneFailed = "hygiene-failed";
    public const string SealFailed = "seal-failed";

    // The image
    public const string CaptureFailed = "capture-failed";
    public const string ImageRemoved = "image-removed";
    public const string ImageNameTaken = "image-name-taken";
    public const string CopyFailed = "copy-failed";
    public const string BootTestFailed = "boot-test-failed";
    public const string BootCheckFailed = "boot-check-failed";
    public const string TestFailed = "test-failed";
    public const string ScanFailed = "scan-failed";
    public const string ScanTimedOut = "scan-timed-out";
    public const string ScanUnavailable = "scan-unavailable";
    public const string FindingsBlocked = "findings-blocked";
    public const string PublishFailed = "publish-failed";
    public const string RollbackRefused = "rollback-refused";

    // The proof
    public const string ProofIncomplete = "proof-incomplete";
    public const string ProofUnreachable = "proof-unreachable";
    public const string ProofKeyUnusable = "proof-key-unusable";
    public const string ProofInvalid = "proof-invalid";

    // AWS and the worker
    public const string AwsThrottled = "aws-throttled";
    public const string AwsUnavailable = "aws-unavailable";
    public const string AwsDenied = "aws-denied";
    public const string AwsLimit = "aws-limit";
    public const string AwsRejected = "aws-rejected";
    public const string StageTimedOut = "stage-timed-out";
    public const string DeadlinePassed = "deadline-passed";
    public const string Cancelled = "cancelled";
    public const string StoppedAsAsked = "stopped-as-asked";
    public const string Unexpected = "unexpected";
}
