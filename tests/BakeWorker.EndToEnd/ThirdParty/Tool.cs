using System.Diagnostics;

namespace BakeWorker.EndToEnd.ThirdParty;

/// <summary>A program of somebody else, run against a LocalCloud.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Where the program is, or null. Debian's own comes first, as CI installs it.</summary>
    public static string? Find(string name) =>
        new[] { "/usr/bin", "/usr/local/bin" }.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Standard output of a run that must succeed.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, Uri endpoint, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        var home = Directory.CreateTempSubdirectory("bakeworker-tool-");
        foreach (var (name, value) in Environment(endpoint, home.FullName))
        {
            start.Environment[name] = value;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        home.Delete(recursive: true);
        process.ExitCode.Should().Be(0, "{0} said:\n{1}\n{2}", program, await output, await error);
        return await output;
    }

    private static Dictionary<string, string> Environment(Uri endpoint, string home) =>
        new()
        {
            ["AWS_ENDPOINT_URL"] = endpoint.ToString().TrimEnd('/'),
            ["AWS_ACCESS_KEY_ID"] = "AKIALOCALCLOUD000000",
            ["AWS_SECRET_ACCESS_KEY"] = "local-secret",
            ["AWS_DEFAULT_REGION"] = "eu-west-1",
            ["AWS_REGION"] = "eu-west-1",
            ["AWS_PAGER"] = "",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["CHECKPOINT_DISABLE"] = "1",
            ["HOME"] = home,
        };
}
