using BakeWorker.Aws.Errors;
using BakeWorker.Core.Bakes;

namespace BakeWorker.Checks;

/// <summary>Looks at everything that bakes need of their account and their settings. Changes nothing.</summary>
internal sealed class Doctor(IReadOnlyList<Exam> exams)
{
    /// <summary>One exam that cannot be made does not keep the others from being made.</summary>
    public async Task<IReadOnlyList<Check>> ExamineAsync(CancellationToken ct)
    {
        var checks = new List<Check>();
        foreach (var exam in exams)
        {
            try
            {
                await foreach (var check in exam.LookAsync(ct).WithCancellation(ct))
                {
                    checks.Add(check);
                }
            }
            catch (BakeFailedException failure)
            {
                checks.Add(Of(exam.Subject, failure));
            }
        }

        return checks;
    }

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
