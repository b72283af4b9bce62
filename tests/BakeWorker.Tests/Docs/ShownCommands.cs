using BakeWorker.Testing;

namespace BakeWorker.Tests.Docs;

/// <summary>A command as README or docs show it, in a block marked <c>sh</c>.</summary>
internal sealed record ShownCommand(string Page, string Text)
{
    public string Program => Text.Split(' ')[0];

    /// <summary>All of them, page after page, in the order shown; continued lines are one command.</summary>
    public static IReadOnlyList<ShownCommand> All { get; } =
    [
        .. Directory
            .GetFiles(Checkout.File("docs"), "*.md", SearchOption.AllDirectories)
            .Append(Checkout.File("README.md"))
            .Order(StringComparer.Ordinal)
            .SelectMany(Read),
    ];

    public override string ToString() => $"{Page}: {Text}";

    private static IEnumerable<ShownCommand> Read(string path)
    {
        var (isShell, command) = (false, "");
        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isShell = !isShell && line is "```sh" or "```bash" or "```console";
            }
            else if (isShell && line.Length > 0 && line[0] != '#')
            {
                command += line;
                if (command.EndsWith('\\'))
                {
                    command = command[..^1];
                    continue;
                }

                yield return new ShownCommand(Path.GetRelativePath(Checkout.Root, path), command);
                command = "";
            }
        }
    }
}
