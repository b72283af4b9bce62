using System.Globalization;
using System.Text;

namespace BakeWorker.Core.Components;

/// <summary>Names for the steps of a component, as guests and results can bear them: <c>web.install-nginx</c>. No step of a recipe has a dot.</summary>
internal sealed class ComponentNames(string prefix)
{
    /// <summary>Characters of a recipe's step that names a component, so that the names of the component's steps stay readable.</summary>
    public const int LongestPrefix = 32;

    private const int Longest = 56;
    private readonly HashSet<string> _given = [];

    /// <summary>A name that was not given before.</summary>
    public string Next(string written)
    {
        var name = $"{prefix}.{Plain(written)}";
        name = name[..Math.Min(name.Length, Longest)].TrimEnd('-', '.');
        for (var number = 1; ; number++)
        {
            var tried = number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
            if (_given.Add(tried))
            {
                return tried;
            }
        }
    }

    // InstallNginx and install_nginx are install-nginx.
    private static string Plain(string written)
    {
        var plain = new StringBuilder();
        foreach (var (index, letter) in written.Index())
        {
            var begins = char.IsAsciiLetterUpper(letter) && index > 0 && char.IsAsciiLetterLower(written[index - 1]);
            var kept = char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-';
            if (plain.Length > 0 && plain[^1] != '-' && (begins || kept == '-'))
            {
                plain.Append('-');
            }

            if (kept != '-')
            {
                plain.Append(kept);
            }
        }

        return plain.Length == 0 ? "step" : plain.ToString().TrimEnd('-');
    }
}
