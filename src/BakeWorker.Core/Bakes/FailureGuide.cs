namespace BakeWorker.Core.Bakes;

/// <summary>Who must act on a failure, and whether sending the same request again can help.</summary>
public sealed record FailureAdvice(string Actor, bool IsRetryable);

/// <summary>The advice for every failure code; docs/failures.md says the same in sentences.</summary>
public static class FailureGuide
{
    private const string Requester = "requester";
    private const string Author = "recipe author";
    private const string Operator = "operator";
    private const string Nobody = "nobody";

    private static readonly Dictionary<string, FailureAdvice> Advice = new()
    {
        [FailureCodes.RequestMalformed] = new(Requester, false),
        [FailureCodes.RequestUnknownField] = new(Requester, false),
        [FailureCodes.RequestInvalid] = new(Requester, false),
        [FailureCodes.RecipeUnknown] = new(Requester, false),
        [FailureCodes.RecipeInvalid] = new(Author, false),
        [FailureCodes.ParameterInvalid] = new(Requester, false),
        [FailureCodes.PolicyRefused] = new(Author, false),
        [FailureCodes.BaseNotFound] = new(Author, false),
        [FailureCodes.BaseUntrusted] = new(Author, false),
        [FailureCodes.BaseUnsuitable] = new(Author, false),
        [FailureCodes.BaseDeprecated] = new(Author, false),
        [FailureCodes.BaseTooOld] = new(Author, false),
        [FailureCodes.TargetUnfit] = new(Operator, false),
        [FailureCodes.GuestUnavailable] = new(Operator, false),
        [FailureCodes.NoCapacity] = new(Operator, true),
        [FailureCodes.BuilderLost] = new(Nobody, true),
        [FailureCodes.AgentSilent] = new(Operator, true),
        [FailureCodes.StepFailed] = new(Author, false),
        [FailureCodes.StepTimedOut] = new(Author, true),
        [FailureCodes.StepUndelivered] = new(Nobody, true),
        [FailureCodes.HygieneFailed] = new(Author, false),
        [FailureCodes.SealFailed] = new(Author, true),
        [FailureCodes.CaptureFailed] = new(Operator, true),
        [FailureCodes.ImageRemoved] = new(Nobody, true),
        [FailureCodes.ImageNameTaken] = new(Operator, false),
        [FailureCodes.CopyFailed] = new(Operator, true),
        [FailureCodes.BootTestFailed] = new(Author, true),
        [FailureCodes.BootCheckFailed] = new(Author, false),
        [FailureCodes.TestFailed] = new(Author, false),
        [FailureCodes.ScanFailed] = new(Operator, true),
        [FailureCodes.ScanTimedOut] = new(Operator, true),
        [FailureCodes.ScanUnavailable] = new(Operator, false),
        [FailureCodes.FindingsBlocked] = new(Author, false),
        [FailureCodes.PublishFailed] = new(Operator, true),
        [FailureCodes.ProofIncomplete] = new(Author, true),
        [FailureCodes.ProofUnreachable] = new(Operator, true),
        [FailureCodes.ProofKeyUnusable] = new(Operator, false),
        [FailureCodes.ProofInvalid] = new(Operator, false),
        [FailureCodes.RollbackRefused] = new(Operator, false),
        [FailureCodes.AwsThrottled] = new(Nobody, true),
        [FailureCodes.AwsUnavailable] = new(Nobody, true),
        [FailureCodes.AwsDenied] = new(Operator, false),
        [FailureCodes.AwsLimit] = new(Operator, true),
        [FailureCodes.AwsRejected] = new(Operator, false),
        [FailureCodes.StageTimedOut] = new(Operator, true),
        [FailureCodes.DeadlinePassed] = new(Operator, true),
        [FailureCodes.Cancelled] = new(Nobody, true),
        [FailureCodes.StoppedAsAsked] = new(Nobody, true),
        [FailureCodes.Unexpected] = new("BakeWorker's developers", true),
    };

    public static FailureAdvice For(string code) => Advice.GetValueOrDefault(code) ?? new FailureAdvice(Operator, false);
}
