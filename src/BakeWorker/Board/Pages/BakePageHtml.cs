using BakeWorker.Core.Bakes;

namespace BakeWorker.Board.Pages;

/// <summary>One bake: its timeline, its steps with what they printed, and the evidence of its end.</summary>
internal static class BakePageHtml
{
    public static Html Of(Frame frame, BakeDetail detail)
    {
        var bake = detail.Bake;
        return Layout.Of(
            frame,
            $"{bake.Recipe} {bake.State}",
            Html.Of(
                $"""
                <h1>{bake.Recipe} {Badge.Of(bake.State)}</h1>
                <p id="reason" class="reason" role="status" aria-live="polite">{bake.Reason
                    ?? (bake.Doing is { } doing ? $"{doing} {bake.Note}" : "")}</p>
                {Facts(bake, detail.Told, frame.Now)}
                {Timeline(bake, frame.Now)}
                {BakeEvidence.Of(bake, detail.Told)}
                {Steps(detail)}
                {(detail.Told is { } told ? BakeResultHtml.Of(told) : Html.None)}
                """
            )
        );
    }

    private static Html Facts(BoardBake bake, BakeResult? told, DateTimeOffset now) =>
        Html.Of(
            $"""
            <dl class="facts">
            {Fact("Bake", bake.BakeId)}{Fact("Request", bake.RequestId)}{Fact("Requested by", bake.RequestedBy)}{Fact("Owner", bake.Owner)}
            {Fact("Worker", bake.Worker)}{Fact("Attempt", bake.Attempt is { } attempt ? $"{attempt}" : null)}
            {Fact("Took", bake.StartedAt is { } start ? Ages.Took((bake.EndedAt ?? now) - start) : null)}
            {Fact("Failure", bake.Code)}{Fact("Who must act", bake.Actor)}
            {(
                told?.Images.Count > 0
                    ? told.Images.Select(image => Fact($"Image in {image.Key}", image.Value))
                    : [Fact("Image", bake.Image)]
            )}
            {Fact("Pointer", told?.Pointer)}{Fact("Base image", told?.BaseImage)}{Fact("Proof", told?.Provenance?.Digest)}
            {(
                bake.TraceUrl is { } url
                    ? Html.Of($"""<div><dt>Trace</dt><dd><a href="{url}" rel="noreferrer">{bake.TraceId}</a></dd></div>""")
                    : Fact("Trace", bake.TraceId)
            )}
            </dl>
            """
        );

    private static Html Fact(string name, string? value) =>
        value is { Length: > 0 } ? Html.Of($"<div><dt>{name}</dt><dd>{value}</dd></div>") : Html.None;

    private static Html Timeline(BoardBake bake, DateTimeOffset now)
    {
        if (bake.Stages.Count == 0)
        {
            return Html.None;
        }

        var start = bake.Stages.Min(stage => stage.StartedAt);
        var scale = bake.Stages.Max(stage => Waterfall.End(stage, now)) - start;
        scale = scale > TimeSpan.Zero ? scale : TimeSpan.FromSeconds(1);
        return Html.Of(
            $"""
            <section aria-labelledby="timeline-title">
            <h2 id="timeline-title">Timeline</h2>
            {(bake.IsOwn ? Html.None : Html.Of($"""<p class="quiet">As its resources tell it; its own worker knows every stage.</p>"""))}
            <div class="scroll" tabindex="0" role="region" aria-label="Stages"><table class="timeline">
            <thead><tr><th scope="col">Stage</th><th scope="col">State</th><th scope="col" class="wide">0 – {Ages.Took(
                scale
            )}</th><th scope="col">Took</th><th scope="col">Note</th></tr></thead>
            <tbody>{bake.Stages.Select(stage => Stage(stage, start, scale, now))}</tbody>
            </table></div>
            </section>
            """
        );
    }

    private static Html Stage(BoardStage stage, DateTimeOffset start, TimeSpan scale, DateTimeOffset now) =>
        Html.Of(
            $"""
            <tr><th scope="row">{stage.Name}</th><td>{Badge.Of(stage.State)}</td><td class="bars">{Waterfall.Row(
                stage,
                start,
                scale,
                now
            )}</td>
            <td class="number">{Ages.Took(Waterfall.End(stage, now) - stage.StartedAt)}</td><td class="why">{stage.Note}</td></tr>
            """
        );

    private static Html Steps(BakeDetail detail) =>
        detail.Steps.Count == 0 && detail.StepsTrouble is null
            ? Html.None
            : Html.Of(
                $"""
                <section aria-labelledby="steps-title">
                <h2 id="steps-title">In its guests</h2>
                {(detail.StepsTrouble is { } trouble ? Html.Of($"""<p class="bad">{trouble}</p>""") : Html.None)}
                {detail.Steps.Select(Step)}
                </section>
                """
            );

    private static Html Step(BoardStep step) =>
        Html.Of(
            $"""
            <details id="{step.Instance}/{step.Name}"><summary>{Badge.Of(
                step.State
            )} <b>{step.Name}</b> <span class="quiet">{step.Instance}{(step.ExitCode is { } code ? $", exit {code}" : "")}</span></summary>
            <pre tabindex="0">{(
                step.Output is { Length: > 0 } output ? output : "It printed nothing, or has not ended yet."
            )}</pre></details>
            """
        );
}
