using System.Text.RegularExpressions;
using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Recipes;

/// <summary>A page of docs/ that tests hold to the code.</summary>
internal sealed partial class DocsPage(string path)
{
    private readonly string _text = File.ReadAllText(Checkout.File(path));

    /// <summary>The fenced blocks of one language, in order.</summary>
    public IReadOnlyList<string> Blocks(string language) =>
        [.. Fence().Matches(_text).Where(m => m.Groups["language"].Value == language).Select(m => m.Groups["body"].Value)];

    /// <summary>Compares the parts between their marks; leaves the page as it should be under artifacts/ when one differs.</summary>
    public void ShouldShow(params (string Mark, string Expected)[] parts)
    {
        var right = parts.Aggregate(_text, (page, part) => With(page, part.Mark, part.Expected));
        if (right != _text)
        {
            var target = Checkout.File(Path.Combine("artifacts", path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllText(target, right);
            _text.Should().Be(right, $"{path} shows the fields as they are; {target} is the page as it should be");
        }
    }

    private string With(string page, string mark, string expected)
    {
        var (open, close) = ($"<!-- {mark} -->\n", $"<!-- end of {mark} -->");
        var from = page.IndexOf(open, StringComparison.Ordinal) + open.Length;
        var to = page.IndexOf(close, StringComparison.Ordinal);
        to.Should().BeGreaterThanOrEqualTo(from, $"{path} marks where its {mark} begin and end");
        return page[..from] + expected + page[to..];
    }

    [GeneratedRegex(@"^```(?<language>[a-z]+)\n(?<body>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
