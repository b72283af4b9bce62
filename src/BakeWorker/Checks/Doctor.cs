using BakeWorker.Aws.Errors;
using BakeWorker.Core.Bakes;

namespace BakeWorker.Checks;

/// <summary>Looks at everything that bakes need of their account and their settings. Changes nothing.</summary>
internal sealed class Doctor(IReadOnlyList<Exam> exams)
{
    /// <summary>Tells each check as soon as it is made. One exam that cannot be made does not keep the others from being made, unless none of them could.</summary>
    public async Task ExamineAsync(Action<Check> tell, CancellationToken ct)
    {
        var isShut = false;
        foreach (var exam in exams.Where(exam => exam.IsOffline || !isShut))
        {
            try
            {
                await foreach (var check in exam.LookAsync(ct).WithCancellation(ct))
                {
                    tell(check);
                }
            }
            catch (BakeFailedException failure) when (exam.IsEntrance && !failure.IsMissingPermission())
            {
                isShut = true;
                tell(Shut(exam.Subject, failure));
            }
            catch (BakeFailedException failure)
            {
                tell(Of(exam.Subject, failure));
            }
        }
    }

    private static Check Shut(string subject, BakeFailedException failure) =>
        Check.Fault(
            subject,
            $"nothing could be asked: {failure.Message}",
            failure.Kind == FailureKind.Transient
                ? "see that this machine reaches AWS: its network, AWS_ENDPOINT_URL, and an endpoint for STS where a network has no way out"
                : "see whose credentials these are by 'aws sts get-caller-identity', set this machine's clock, and name the right Region"
        );

    private static Check Of(string subject, BakeFailedException failure) =>
        failure.IsMissingPermission()
            ? Check.Unknown(
                subject,
                failure.Message,
                "ask with the worker's own role, or give yours what 'bakeworker policy iam --role doctor' prints"
            )
        : failure.Code is FailureCodes.AwsThrottled or FailureCodes.AwsUnavailable
            ? Check.Unknown(subject, failure.Message, "ask again in a minute")
        : Check.Fault(subject, failure.Message, $"docs/failures.md says more under {failure.Code}");
}
