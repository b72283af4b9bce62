using BakeWorker.Core.Bakes;
using Spectre.Console;

namespace BakeWorker.Output;

/// <summary>Tells a person how a bake ended: the timeline, then what there is now, or what went wrong and who must act.</summary>
public sealed class BakeReport(IAnsiConsole console)
{
    private const int ShownChanges = 15;

    public void Write(BakeResult result)
    {
        new TimelineChart(console).Write(result);
        if (result.Failure is { } failure)
        {
            Failed(result, failure);
        }
        else
        {
            Done(result);
        }
    }

    private void Done(BakeResult result)
    {
        console.MarkupLine($"[green]✔[/] [bold]{result.Recipe.EscapeMarkup()}[/] {Lower(result.Outcome)}");
        foreach (var (region, image) in result.Images)
        {
            Line("image", $"{image} in {region}");
        }

        Line("pointer", result.Pointer);
        foreach (var file in result.ImageFiles?.Values ?? [])
        {
            Line("lies at", file);
        }

        Line("base", result.BaseImage);
        Line("why", result.Comparison?.Text);
        Line("proof", result.Provenance?.Digest);
        Findings(result.Findings);
        Waivers(result.Verdict);
        Checks(result.Checks);
        Changes(result.Changes);
        Footer(result);
    }

    private void Failed(BakeResult result, ResultFailure failure)
    {
        var where = string.Join(", ", new[] { failure.Stage, failure.Step is { } step ? $"step {step}" : null }.OfType<string>());
        console.MarkupLine(
            $"[red]✘[/] [bold]{result.Recipe.EscapeMarkup()}[/] {Lower(result.Outcome)}: {Texts.Plain(failure.Message).EscapeMarkup()}"
        );
        Line("code", failure.Code);
        Line("where", where);
        Line("to act", failure.Retryable ? $"{failure.Actor}; the same request may work when it is sent again" : failure.Actor);
        if (failure.Kept is { } kept)
        {
            Line("kept", $"{kept.Instance} until {kept.Until:u}");
            Line("get in", kept.Access);
        }

        Findings(result.Findings);
        Waivers(result.Verdict);
        Checks(result.Checks);
        foreach (var exhibit in failure.Exhibits ?? [])
        {
            Line("exhibit", exhibit.File ?? $"{exhibit.Name}{(exhibit.Text is ['[', ..] why ? $" {why}" : "; --json shows it")}");
        }

        if (failure.Evidence is { Length: > 0 } evidence)
        {
            Line("evidence", " ");
            foreach (var line in Texts.Plain(evidence).TrimEnd().Split('\n'))
            {
                console.MarkupLine($"    [grey]{line.EscapeMarkup()}[/]");
            }
        }

        Footer(result);
    }

    private void Findings(ResultFindings? found)
    {
        if (found is not null)
        {
            var total = found.Critical + found.High + found.Medium + found.Low + found.Untriaged;
            Line(
                "findings",
                $"{total} (critical {found.Critical}, high {found.High}, medium {found.Medium}, low {found.Low}, untriaged {found.Untriaged}; waived {found.Waived})"
            );
        }
    }

    private void Waivers(ResultVerdict? verdict)
    {
        foreach (var waiver in verdict?.Waived ?? [])
        {
            Line("waived", $"{Named(waiver)} until {waiver.Expires}: {waiver.Reason} ({waiver.ApprovedBy})");
        }

        foreach (var waiver in verdict?.Expired ?? [])
        {
            Line("expired", $"the waiver of {Named(waiver)} ended on {waiver.Expires}");
        }

        foreach (var waiver in verdict?.Unused ?? [])
        {
            Line("unused", $"the waiver of {Named(waiver)}: nothing like it was found, so it can be removed");
        }

        if (verdict is { Suppressed: > 0 and var suppressed })
        {
            Line("suppressed", $"{Texts.Count(suppressed, "finding")} in Inspector");
        }

        static string Named(ResultWaiver waiver) =>
            waiver.Package is { } package ? $"{waiver.Vulnerability} in {package}" : waiver.Vulnerability;
    }

    // What was not looked at is said, and so is what was not as it should be.
    private void Checks(IReadOnlyList<ResultCheck>? checks)
    {
        if (checks is null)
        {
            return;
        }

        var words = new[] { ("passed", "passed"), ("failed", "failed"), ("not-applicable", "not applicable here") }
            .Select(word =>
                (Word: word.Item2, Names: checks.Where(check => check.Result == word.Item1).Select(check => check.Name).ToList())
            )
            .Where(group => group.Names.Count > 0)
            .Select(group =>
                group.Word == "passed"
                    ? $"{group.Names.Count} passed"
                    : $"{group.Names.Count} {group.Word} ({string.Join(", ", group.Names)})"
            );
        Line("checks", Texts.Plain(string.Join("; ", words)));
    }

    private void Changes(IReadOnlyList<string>? changes)
    {
        if (changes is null)
        {
            return;
        }

        Line("changes", changes.Count == 0 ? "no package" : Texts.Count(changes.Count, "package"));
        foreach (var change in changes.Take(ShownChanges))
        {
            console.MarkupLine(
                $"    [{(change.StartsWith('-') ? "red" : change.StartsWith('+') ? "green" : "yellow")}]{Texts.Plain(change).EscapeMarkup()}[/]"
            );
        }

        if (changes.Count > ShownChanges)
        {
            console.MarkupLine($"    [grey]and {changes.Count - ShownChanges} more; --json lists them all[/]");
        }
    }

    private void Footer(BakeResult result)
    {
        Line("bake", result.Attempts > 1 ? $"{result.BakeId}, attempt {result.Attempts}" : result.BakeId);
        Line("guest", result.Guest is "scripted" ? "scripted (no step really ran)" : result.Guest);
        Line("trace", result.TraceId);
    }

    private void Line(string label, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            console.MarkupLine($"  [grey]{label, -9}[/] {text.EscapeMarkup()}".TrimEnd());
        }
    }

    private static string Lower(Outcome outcome) => outcome.ToString().ToLowerInvariant();
}
