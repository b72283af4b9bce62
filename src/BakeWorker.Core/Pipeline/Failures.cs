using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;

namespace BakeWorker.Core.Pipeline;

/// <summary>What stages say when they fail: what failed, the value, what to do next.</summary>
public static class Failures
{
    private const int ShownFindings = 50;

    public static BakeFailedException StageTimedOut(string stage, TimeSpan budget) =>
        new(
            FailureKind.Failed,
            FailureCodes.StageTimedOut,
            $"Stage {stage} did not end within {Minutes(budget)}; look at its last log lines for what it waited for."
        );

    public static BakeFailedException Cancelled(string since) =>
        new(
            FailureKind.Cancelled,
            FailureCodes.Cancelled,
            $"Somebody asked at {since} to stop this bake; what it made was removed, and the same request bakes anew."
        );

    public static BakeFailedException StoppedAfter(string step) =>
        new(
            FailureKind.Cancelled,
            FailureCodes.StoppedAsAsked,
            $"The bake was asked to go no further than step {step}, which has ended well; its builder is there to be looked into."
        )
        {
            Step = step,
        };

    public static BakeFailedException Interrupted() =>
        new(FailureKind.Cancelled, FailureCodes.Cancelled, "The person who ran this bake interrupted it; what it made was removed.");

    public static BakeFailedException DeadlinePassed(DateTimeOffset deadline) =>
        new(
            FailureKind.Failed,
            FailureCodes.DeadlinePassed,
            $"The bake did not end before {ResourceTags.Time(deadline)}, the deadline that its first launch set; "
                + "look in its log for what took so long, or raise Bakery:Deadline."
        );

    public static BakeFailedException Unexpected(string stage, Exception exception) =>
        new(
            FailureKind.Failed,
            FailureCodes.Unexpected,
            $"Stage {stage} broke with {exception.GetType().Name}; this is a defect of BakeWorker, its log has the details.",
            exception
        );

    public static BakeFailedException BaseNotFound(string source, string region) =>
        new(
            FailureKind.Rejected,
            FailureCodes.BaseNotFound,
            $"Base {source} names no image in {region}; check the name, the Region and base.owners."
        );

    public static BakeFailedException PolicyRefused(string recipe, IReadOnlyList<PolicyBreach> breaches) =>
        new(
            FailureKind.Rejected,
            FailureCodes.PolicyRefused,
            $"Recipe {recipe} breaks the operator's policy: {breaches[0].Message.TrimEnd('.')}"
                + (breaches.Count == 1 ? "." : $" ({breaches.Count - 1} more in the evidence).")
        )
        {
            Evidence = string.Join('\n', breaches.Select(breach => breach.Message)),
        };

    public static BakeFailedException NoCapacity(IEnumerable<string> refusals) =>
        new(
            FailureKind.Transient,
            FailureCodes.NoCapacity,
            $"No pool of the capacity ladder has room ({string.Join("; ", refusals)}); add instance types or subnets to builder, or wait."
        );

    /// <summary>An instance that is gone. One that EC2 took back says nothing against the bake, so the next attempt begins at once.</summary>
    public static BakeFailedException InstanceLost(string what, Instance seen) =>
        new(
            FailureKind.Transient,
            FailureCodes.BuilderLost,
            $"The {what} {seen.Id} became {seen.State} ({seen.Reason ?? "no reason given"}) while the bake needed it; another attempt takes another one."
        )
        {
            RetryAfter = StateReasons.MeansInterrupted(seen.Reason) ? TimeSpan.Zero : null,
        };

    /// <summary>What EC2 said to a launch after it had answered it: as the same error would be, had it come at once.</summary>
    public static BakeFailedException LaunchDied(string what, Instance seen)
    {
        return seen.Reason switch
        {
            "Client.VolumeLimitExceeded" => Died(FailureCodes.AwsLimit, "ask for a higher quota of volumes, or remove some"),
            "Client.InternalError" => Died(
                FailureCodes.AwsDenied,
                "most often the KMS key of a volume: check that it is enabled and that its policy lets the worker's role use and grant it"
            ),
            "Client.InvalidSnapshot.NotFound" => Died(FailureCodes.AwsRejected, "a snapshot of its image is gone: choose another image"),
            _ => InstanceLost(what, seen),
        };

        BakeFailedException Died(string code, string advice) =>
            new(FailureKind.Failed, code, $"The {what} {seen.Id} died while it was launched ({seen.Reason}); {advice}.");
    }

    public static BakeFailedException Removed(string kind, string id, TimeSpan since) =>
        new(
            FailureKind.Transient,
            FailureCodes.ImageRemoved,
            $"AWS has shown no trace of {id} ({kind}) for {since.TotalMinutes:0} min; somebody removed it, and another attempt goes on from what is there."
        );

    public static BakeFailedException AgentSilent(string what, InstanceId id, TimeSpan within, bool installs) =>
        new(
            FailureKind.Failed,
            FailureCodes.AgentSilent,
            $"The SSM agent of {what} {id} did not come online within {Minutes(within)}; check its instance profile, its route to SSM, "
                + $"and that the image has an agent{(installs ? "" : " (else set builder.agent: install)")}."
        );

    public static BakeFailedException StepFailed(string step, Command ended) =>
        new(
            FailureKind.Failed,
            FailureCodes.StepFailed,
            $"Step {step} ended with exit code {ended.ExitCode}; its last lines are in the evidence."
        )
        {
            Step = step,
            Evidence = LastLines(ended),
        };

    public static BakeFailedException StepTimedOut(string step, TimeSpan limit, string lastLines) =>
        new(
            FailureKind.Failed,
            FailureCodes.StepTimedOut,
            $"Step {step} ran longer than {Minutes(limit)} and was killed; raise its timeout or see in the evidence where it hung."
        )
        {
            Step = step,
            Evidence = lastLines,
        };

    public static BakeFailedException StepUndelivered(string step, Command ended) =>
        new(
            FailureKind.Transient,
            FailureCodes.StepUndelivered,
            $"Step {step} did not run to its end in the guest ({ended.StatusDetails}); the bake is tried again."
        )
        {
            Step = step,
        };

    public static BakeFailedException HygieneFailed(string where, Command ended, IEnumerable<Recipes.Allowance> expired)
    {
        var report = HygieneReport.Parse(ended.Output);
        var (ends, count) = (expired.ToList(), report?.Findings);
        return new(
            FailureKind.Rejected,
            FailureCodes.HygieneFailed,
            $"The hygiene sweep found what must not be in an image {where}{(count is null ? "" : $" ({count})")}; remove it in a step of phase cleanup "
                + "(rules and paths are in the evidence)"
                + (ends.Count == 0 ? "." : $", or renew what the recipe allowed until {ends.Max(one => one.Expires):yyyy-MM-dd}.")
        )
        {
            Step = "hygiene",
            Evidence = report?.Evidence ?? LastLines(ended),
        };
    }

    public static BakeFailedException SealFailed(InstanceId builder, string why) =>
        new(
            FailureKind.Failed,
            FailureCodes.SealFailed,
            $"Builder {builder} was not sealed: {why}; an image of it could hold identities, so none is made."
        );

    public static BakeFailedException CaptureFailed(Image image) =>
        new(
            FailureKind.Failed,
            FailureCodes.CaptureFailed,
            $"Image {image.Id} became {image.State} instead of available ({image.Reason ?? "EC2 gave no reason"}); it is removed, send the request again."
        );

    public static BakeFailedException CopyFailed(Image copy) =>
        new(
            FailureKind.Failed,
            FailureCodes.CopyFailed,
            $"The copy {copy.Id} in {copy.Region} became {copy.State} ({copy.Reason ?? "EC2 gave no reason"}); check the KMS key of that Region."
        );

    public static BakeFailedException BootFailed(InstanceId tester, string why, string? console) =>
        new(
            FailureKind.Rejected,
            FailureCodes.BootTestFailed,
            $"The image does not boot as it should: instance {tester} {why}; its console is in the evidence."
        )
        {
            Evidence = console is null ? null : Masked.Text(console.Length <= 4000 ? console : $"…{console[^4000..]}"),
        };

    public static BakeFailedException BootCheckFailed(Instance tester, Command ended, Booting.BootFacts? facts)
    {
        var failed = facts?.Failed.Select(check => $"{check.Name} ({check.Detail})").ToList() ?? [];
        return new(
            FailureKind.Rejected,
            FailureCodes.BootCheckFailed,
            failed.Count == 0
                ? $"The boot of instance {tester.Id} could not be checked (exit code {ended.ExitCode}); what was not checked does not pass."
                : $"The image boots, but not as the recipe asks: {string.Join(", ", failed)}; mend the image, or section boot of the recipe."
        )
        {
            Step = failed.Count == 0 ? "boot checks" : facts!.Failed.First().Name,
            Evidence = LastLines(ended),
        };
    }

    /// <summary>Of several tests that ran beside each other, the first says what it would have said alone.</summary>
    public static BakeFailedException TestsFailed(IReadOnlyList<BakeFailedException> failed) =>
        new(
            FailureKind.Rejected,
            FailureCodes.TestFailed,
            $"{failed.Count} tests failed on an instance of the image ({string.Join(", ", failed.Select(one => one.Step))}); mend the recipe or the tests."
        )
        {
            Step = failed[0].Step,
            Evidence = string.Join('\n', failed.Select(one => $"== {one.Step}\n{one.Evidence}")),
        };

    public static BakeFailedException TestFailed(string test, string how, string lastLines) =>
        new(FailureKind.Rejected, FailureCodes.TestFailed, $"Test {test} {how} on an instance of the image; mend the recipe or the test.")
        {
            Step = test,
            Evidence = lastLines,
        };

    public static BakeFailedException ScanFailed(string what, ScanStatus status) =>
        new(
            status.MayPassNextTime ? FailureKind.Transient : FailureKind.Rejected,
            FailureCodes.ScanFailed,
            $"Inspector cannot scan {what} ({status.Reason}); an image that was not scanned is not published."
        );

    public static BakeFailedException ScanTimedOut(TimeSpan within, string? lastSeen) =>
        new(
            FailureKind.Rejected,
            FailureCodes.ScanTimedOut,
            $"Inspector had no whole result within {Minutes(within)} (it said last of {lastSeen ?? "it: nothing"}); check that it is enabled for EC2, or "
                + "raise scan.within. Unscanned images are not published."
        );

    public static BakeFailedException FindingsBlocked(Judgement judgement)
    {
        var (rule, ids) = (
            judgement.Broken[0],
            judgement.Broken[0].Findings.Select(finding => finding.VulnerabilityId).Distinct().ToList()
        );
        var (named, more) = (
            ids.Count == 0 ? "" : $" ({string.Join(", ", ids.Take(3))}{(ids.Count > 3 ? ", …" : "")})",
            judgement.Broken.Count - 1
        );
        var expired = string.Concat(
            judgement
                .ExpiredWaivers.Take(3)
                .Select(waiver => $" The waiver of {waiver.Vulnerability} expired on {waiver.Expires:yyyy-MM-dd}.")
        );
        return new(
            FailureKind.Rejected,
            FailureCodes.FindingsBlocked,
            $"By the {(rule.Of == "policy" ? "operator's policy" : "recipe")} the image is rejected: {rule.Text}{named}"
                + $"{(more == 0 ? "" : more == 1 ? ", and another rule is broken" : $", and {more} more rules are broken")}; "
                + $"update the packages named in the evidence, or waive the findings with a reason and an end.{expired}"
        )
        {
            Evidence = string.Join('\n', judgement.Broken.SelectMany(Describe)),
        };
    }

    public static BakeFailedException PublishFailed(string what, string region, string seen) =>
        new(
            FailureKind.Failed,
            FailureCodes.PublishFailed,
            $"Publishing in {region} did not take effect: {what} reads back as {seen}; send the request again once that is mended."
        );

    public static BakeFailedException ProofIncomplete(ImageId image) =>
        new(
            FailureKind.Failed,
            FailureCodes.ProofIncomplete,
            $"The packages of {image} could not be listed on an instance of it, and without them there is no proof of what is in it; "
                + "check that dpkg-query or rpm works in the image."
        );

    public static BakeFailedException ProofInvalid(string what) => new(FailureKind.Rejected, FailureCodes.ProofInvalid, what);

    /// <summary>What stands in the way of the publication, all of it at once.</summary>
    public static BakeFailedException TargetUnfit(IReadOnlyList<string> obstacles) =>
        new(
            FailureKind.Rejected,
            FailureCodes.TargetUnfit,
            $"The image could not be published at the end, so nothing was begun: {string.Join(' ', obstacles)}"
        );

    /// <summary>Somebody else moved the same thing in the same moment. Whoever tries again first is done first.</summary>
    public static BakeFailedException PublishContended(string what) =>
        new(
            FailureKind.Transient,
            FailureCodes.PublishFailed,
            $"Another bake of this recipe moved {what} in the same moment, so the Regions differ; the bake is tried again and sets them all."
        );

    /// <summary>The end of what a command said, for people: at most 4,000 characters.</summary>
    public static string LastLines(Command ended)
    {
        var text = Masked.Text($"{ended.Output}\n{ended.ErrorOutput}".Trim());
        return text.Length <= 4000 ? text : $"…{text[^4000..]}";
    }

    private static IEnumerable<string> Describe(BrokenRule broken) =>
        [
            $"{broken.Of}, {broken.Rule}: {broken.Text}",
            .. broken.Findings.Take(ShownFindings).Select(finding => $"  {Describe(finding)}"),
            .. broken.Findings.Count > ShownFindings ? [$"  and {broken.Findings.Count - ShownFindings} more"] : Array.Empty<string>(),
        ];

    private static string Describe(Finding finding) =>
        $"{finding.Severity} {finding.VulnerabilityId} {finding.Package} {finding.InstalledVersion}"
        + (
            finding.FixedVersion is { } fix ? $" (fixed in {fix})"
            : finding.IsFixable ? " (a fix is out)"
            : " (no fix)"
        )
        + (finding.IsSuppressed ? " (suppressed in Inspector)" : "");

    private static string Minutes(TimeSpan span) =>
        span < TimeSpan.FromMinutes(2) ? $"{span.TotalSeconds:0.#} s" : $"{span.TotalMinutes:0.#} min";
}
