using System.Text.RegularExpressions;
using BakeWorker.Testing;
using YamlDotNet.RepresentationModel;

namespace BakeWorker.Tests.Docs;

/// <summary>A command as README or docs show it, in a block marked <c>sh</c>; of docs/ci.md those of its jobs, too.</summary>
internal sealed partial record ShownCommand(string Page, string Text)
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
        .. Jobs("docs/ci.md"),
    ];

    // GitHub calls it run, GitLab script.
    private static IEnumerable<ShownCommand> Jobs(string page)
    {
        foreach (Match block in YamlBlocks().Matches(File.ReadAllText(Checkout.File(page))))
        {
            var stream = new YamlStream();
            using var text = new StringReader(block.Groups["yaml"].Value);
            stream.Load(text);
            foreach (var (key, value) in stream.Documents[0].AllNodes.OfType<YamlMappingNode>().SelectMany(map => map.Children))
            {
                IEnumerable<YamlNode> commands = ($"{key}", value) switch
                {
                    ("run", YamlScalarNode) => [value],
                    ("script", YamlSequenceNode list) => list.Children,
                    _ => [],
                };
                foreach (var command in commands)
                {
                    yield return new ShownCommand(page, $"{command}".Trim());
                }
            }
        }
    }

    [GeneratedRegex("^```yaml\n(?<yaml>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex YamlBlocks();

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
