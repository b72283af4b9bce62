namespace BakeWorker.Board.Pages;

/// <summary>A state as a sign, a word and a colour, so that none of the three is needed to understand it.</summary>
internal static class Badge
{
    public static Html Of(string state) =>
        Html.Of($"""<span class="badge {Class(state)}"><span aria-hidden="true">{Sign(state)}</span> {state}</span>""");

    /// <summary>The class of the style sheet, made of our own words only.</summary>
    public static string Class(string state) =>
        state switch
        {
            BakeStates.Running => "is-running",
            BakeStates.Published or BoardStage.Success => "is-good",
            "rejected" => "is-rejected",
            "failed" => "is-failed",
            BakeStates.Paused => "is-paused",
            "skipped" or "cancelled" or "cancellation" or BakeStates.Ended => "is-quiet",
            // A stage's failure code, or an invalid request.
            _ => "is-failed",
        };

    private static string Sign(string state) =>
        Class(state) switch
        {
            "is-running" => "▸",
            "is-good" => "✓",
            "is-rejected" => "⊘",
            "is-paused" => "‖",
            "is-quiet" => "–",
            _ => "✕",
        };
}
