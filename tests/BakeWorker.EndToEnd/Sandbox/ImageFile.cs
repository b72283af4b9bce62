using System.Diagnostics;
using System.Text.RegularExpressions;

namespace BakeWorker.EndToEnd.Sandbox;

/// <summary>A file of a captured image: its mode, size, and name with a leading slash (folders end with one).</summary>
internal sealed record ImageEntry(string Mode, long Size, string Name);

/// <summary>The archive of a captured image, read with tar as anybody would.</summary>
internal sealed partial class ImageFile(string path)
{
    public async Task<IReadOnlyList<ImageEntry>> ListAsync() =>
        [
            .. Lines()
                .Matches(await TarAsync("--numeric-owner", "-tvf", path))
                .Select(line => new ImageEntry(
                    line.Groups["mode"].Value,
                    line.Groups["size"].Success ? long.Parse(line.Groups["size"].Value) : 0,
                    line.Groups["name"].Value
                )),
        ];

    public Task<string> ReadAsync(string name) => TarAsync("-xOf", path, $".{name}");

    private static async Task<string> TarAsync(params string[] arguments)
    {
        using var tar = Process.Start(new ProcessStartInfo("tar", arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = await tar.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await tar.WaitForExitAsync(TestContext.Current.CancellationToken);
        tar.ExitCode.Should().Be(0);
        return output;
    }

    // -rw-r--r-- 0/0   144 2026-11-23 01:58 ./etc/bakeworker-release, or "1,3" in the place of a device's size
    [GeneratedRegex(
        @"^(?<mode>\S{10})\S* +\S+ +(?:(?<size>\d+)|\d+,\d+) +\S+ +\S+ +\.(?<name>/.*?)(?: -> .*| link to .*)?$",
        RegexOptions.Multiline
    )]
    private static partial Regex Lines();
}
