using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Linting;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Commands;

/// <summary>What shellcheck says of a recipe's scripts, where it is installed: warnings by its own numbers, such as <c>SC2086</c>.</summary>
internal static class Shellcheck
{
    public static async Task<IReadOnlyList<Problem>> RunAsync(IEnumerable<ReadText> texts, Shell shell, CancellationToken ct)
    {
        var scripts = texts.Where(text => text.File.EndsWith(".sh", StringComparison.Ordinal)).DistinctBy(text => text.File).ToList();
        if (scripts.Count == 0 || await AskAsync(scripts.Select(script => script.File), shell, ct) is not { } answer)
        {
            return [];
        }

        var lines = scripts.ToDictionary(script => script.File, script => script.Text.Split('\n'));
        return
        [
            .. Read(answer)
                .Where(problem =>
                    lines.TryGetValue(problem.File, out var text) && !RecipeLint.IsAllowed(problem.Rule!, text, problem.Place.Line - 1)
                ),
        ];
    }

    /// <summary>Its JSON; null where there is no shellcheck, or none that answers so.</summary>
    private static async Task<string?> AskAsync(IEnumerable<string> files, Shell shell, CancellationToken ct)
    {
        var start = new ProcessStartInfo("shellcheck", ["--format=json", "--severity=warning", "--external-sources", "--", .. files])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = shell.WorkingFolder,
        };
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync(ct);
            var output = await process.StandardOutput.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            await error;
            // 1 says that there is something to say.
            return process.ExitCode is 0 or 1 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static IEnumerable<Problem> Read(string answer)
    {
        using var comments = JsonDocument.Parse(answer);
        foreach (var comment in comments.RootElement.EnumerateArray())
        {
            yield return new Problem(
                comment.GetProperty("file").GetString()!,
                new Place(comment.GetProperty("line").GetInt32(), comment.GetProperty("column").GetInt32()),
                comment.GetProperty("message").GetString()!
            )
            {
                IsWarning = true,
                Rule = $"SC{comment.GetProperty("code").GetInt32()}",
            };
        }
    }
}
