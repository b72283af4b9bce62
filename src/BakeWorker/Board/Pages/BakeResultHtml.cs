using BakeWorker.Core.Bakes;

namespace BakeWorker.Board.Pages;

/// <summary>What a result says beyond its end: checks, findings, changes.</summary>
internal static class BakeResultHtml
{
    // Whoever wants the rest reads the result itself.
    private const int Most = 100;

    public static Html Of(BakeResult told) => Html.Of($"{Findings(told)}{Checks(told)}{Changes(told)}");

    private static Html Findings(BakeResult told)
    {
        if (told.Findings is not { } found)
        {
            return Html.None;
        }

        var broken = (told.Verdict?.Broken ?? []).Take(Most);
        return Html.Of(
            $"""
            <section aria-labelledby="findings-title">
            <h2 id="findings-title">Findings</h2>
            <p>{found.Critical} critical, {found.High} high, {found.Medium} medium, {found.Low} low, {found.Untriaged} untriaged; {found.Waived} waived.</p>
            {broken.Select(Rule)}
            </section>
            """
        );
    }

    private static Html Rule(ResultBrokenRule rule) =>
        Html.Of($"""<p class="bad">{rule.Text}</p><ul class="plain">{rule.Findings.Take(Most).Select(Finding)}</ul>""");

    private static Html Finding(ResultFinding finding) =>
        Html.Of(
            $"""<li><b>{finding.Vulnerability}</b> {finding.Severity} <span class="quiet">{finding.Package} {finding.Version}{(finding.Fix is { } fix ? $", fixed in {fix}" : ", no fix")}</span></li>"""
        );

    private static Html Checks(BakeResult told) =>
        told.Checks is not { Count: > 0 } checks
            ? Html.None
            : Html.Of(
                $"""
                <section aria-labelledby="checks-title">
                <h2 id="checks-title">Boot test</h2>
                <ul class="plain">{checks.Take(Most).Select(Check)}</ul>
                </section>
                """
            );

    private static Html Check(ResultCheck check) =>
        Html.Of(
            $"""<li>{Badge.Of(check.Result == "passed" ? BoardStage.Success : check.Result == "not-applicable" ? "skipped" : "failed")} {check.Name} <span class="quiet">boot {check.Boot} {check.InstanceType} {check.Detail}</span></li>"""
        );

    private static Html Changes(BakeResult told) =>
        told.Changes is not { Count: > 0 } changes
            ? Html.None
            : Html.Of(
                $"""<section><details id="changes"><summary>{changes.Count} packages changed</summary><pre tabindex="0">{string.Join('\n', changes.Take(Most * 10))}</pre></details></section>"""
            );
}
