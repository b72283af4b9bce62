namespace BakeWorker.Board.Pages;

/// <summary>What surrounds every page: head, landmarks, and the line that says how old all this is.</summary>
internal static class Layout
{
    public static Html Of(Frame frame, string title, Html main)
    {
        var overview = frame.Overview;
        return Html.Of(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{title} · BakeWorker</title>
            <link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/assets/board.css">
            <script src="/assets/board.js" defer></script>
            <noscript><meta http-equiv="refresh" content="15"></noscript>
            </head>
            <body>
            <a class="skip" href="#main">Skip to content</a>
            <header>
            <a class="brand" href="/">BakeWorker</a>
            <nav aria-label="Board"><a href="/">Overview</a><a href="/bakes">All bakes</a><a href="/api/overview">API</a><a href="/metrics">Metrics</a></nav>
            <p class="live" id="live"><span class="dot" aria-hidden="true"></span><span id="live-word">as of page load</span></p>
            </header>
            <main id="main" tabindex="-1">
            {Trouble(overview)}
            {main}
            </main>
            <footer id="footer"><p>Worker <b>{overview.Worker}</b> {Cli.Version} · {Seen(frame)}</p></footer>
            </body>
            </html>

            """
        );
    }

    private static Html Trouble(Overview overview) =>
        overview switch
        {
            { Trouble: { } trouble } => Html.Of($"""<p class="trouble" role="alert"><b>The account could not be read.</b> {trouble}</p>"""),
            { DeadServices: { Count: > 0 } dead } => Html.Of(
                $"""<p class="trouble" role="alert"><b>Not asked for a while, because there was no answer:</b> {string.Join(", ", dead)}</p>"""
            ),
            _ => Html.None,
        };

    private static Html Seen(Frame frame) =>
        frame.Overview.SeenAt is { } at
            ? Html.Of($"account read {Ages.Ago(at, frame.Now)}, UTC {frame.Now.ToString("HH:mm:ss")}")
            : Html.Of($"the account has not been read yet");
}
