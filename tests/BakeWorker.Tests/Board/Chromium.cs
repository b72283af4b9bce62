using System.Collections;
using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace BakeWorker.Tests.Board;

/// <summary>A real browser without a screen, shared by the tests of a class: the distribution's own, nothing is downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    // In ms. Machines that run tests are slow at times.
    private const float Patience = 120_000;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        var isCi = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Any(variable => variable is { Key: "CI", Value: "true" });
        if (!File.Exists(Program) && !isCi)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            // Its sandbox needs another user than root, who runs tests in containers.
            new() { ExecutablePath = Program, Args = ["--no-sandbox", "--disable-dev-shm-usage"] }
        );
    }

    /// <summary>A page of its own, which notes where it went and what the browser complained about.</summary>
    public async Task<SeenPage> OpenAsync(
        Uri url,
        string path = "/",
        int width = 1400,
        int height = 1000,
        ColorScheme scheme = ColorScheme.Light
    )
    {
        Assert.SkipWhen(_browser is null, $"Looking at the board needs {Program}; CI has it.");
        var context = await _browser!.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = height },
                ColorScheme = scheme,
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        context.SetDefaultTimeout(Patience);
        var seen = new SeenPage(await context.NewPageAsync());
        await seen.Page.GotoAsync(new Uri(url, path).ToString());
        return seen;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}

/// <summary>A page and what went on in it.</summary>
public sealed class SeenPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentBag<string> _hosts = [];

    public SeenPage(IPage page)
    {
        Page = page;
        page.Request += (_, request) => _hosts.Add(new Uri(request.Url).Host);
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue(message.Text);
            }
        };
        page.Dialog += (_, dialog) => _complaints.Enqueue($"a dialog: {dialog.Message}");
    }

    public IPage Page { get; }

    /// <summary>Errors, warnings, refusals of the page's own policy, dialogs.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Every host that anything was asked of.</summary>
    public IReadOnlySet<string> Hosts => _hosts.ToHashSet();

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
