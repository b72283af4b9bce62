using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Waiting;

namespace BakeWorker.Core.Pipeline.Booting;

/// <summary>What there is to see of an instance whose boot test failed, before it is terminated: console, screenshot, failed units, logs.</summary>
public sealed class BootEvidence(ICloud cloud, Watchers watchers, GuestShell shell, EvidenceFolder folder)
{
    private const int ShownText = 8_000;
    private const int ShownBytes = 32_768;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Never fails: what cannot be had is said in its place. Text is masked.</summary>
    public async Task<IReadOnlyList<Exhibit>> CollectAsync(Bake bake, Instance tester, CancellationToken ct)
    {
        var instances = cloud.Home.Instances;
        return
        [
            await TextAsync(bake, tester, "console.log", token => instances.FindConsoleAsync(tester.Id, token), ct),
            await ScreenshotAsync(bake, tester, ct),
            await TextAsync(bake, tester, "guest.log", token => FindLogsAsync(bake, tester, token), ct),
        ];
    }

    private async Task<Exhibit> TextAsync(
        Bake bake,
        Instance tester,
        string name,
        Func<CancellationToken, Task<string?>> read,
        CancellationToken ct
    )
    {
        var (text, trouble) = await TryAsync(read, ct);
        if (text is null)
        {
            return new Exhibit(name, "text/plain") { Text = $"[{trouble ?? "there is none"}]" };
        }

        var masked = Masked.Text(text);
        return new Exhibit(name, "text/plain")
        {
            Text = masked.Length <= ShownText ? masked : $"…{masked[^ShownText..]}",
            File = folder.Keep(bake, tester.Id, name, System.Text.Encoding.UTF8.GetBytes(masked)),
        };
    }

    private async Task<Exhibit> ScreenshotAsync(Bake bake, Instance tester, CancellationToken ct)
    {
        const string Name = "screen.jpg";
        var (image, trouble) = await TryAsync(token => cloud.Home.Instances.FindScreenshotAsync(tester.Id, token), ct);
        if (image is null)
        {
            return new Exhibit(Name, "image/jpeg") { Text = $"[{trouble ?? "this instance shows none"}]" };
        }

        var file = folder.Keep(bake, tester.Id, Name, image);
        var fits = image.Length <= ShownBytes;
        return new Exhibit(Name, "image/jpeg")
        {
            File = file,
            Base64 = fits && file is null ? Convert.ToBase64String(image) : null,
            Text = fits || file is not null ? null : $"[{image.Length} bytes do not fit here; Bakery:Evidence names a folder for them]",
        };
    }

    // Only a guest whose agent is there can be asked.
    private async Task<string?> FindLogsAsync(Bake bake, Instance tester, CancellationToken ct)
    {
        var agents = await cloud.Home.Agents.ReadAsync([tester.Id], ct);
        if (bake.Recipe.Platform != Platform.Linux || agents.GetValueOrDefault(tester.Id) is not { IsOnline: true })
        {
            return null;
        }

        string? output = null;
        await Within.TryAsync(
            Patience,
            watchers.Time,
            async token => output = (await shell.RunAsync(bake, tester, BuiltInScripts.BootEvidence, token)).Output,
            ct
        );
        return output;
    }

    private static async Task<(T? Found, string? Trouble)> TryAsync<T>(Func<CancellationToken, Task<T?>> read, CancellationToken ct)
        where T : class
    {
        try
        {
            return (await read(ct), null);
        }
        catch (BakeFailedException failure)
        {
            // What failed before says more than that this could not be had.
            return (null, failure.Message);
        }
    }
}
