using System.Text;
using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Recipes;

/// <summary>Text and path of a script that a guest can run.</summary>
internal sealed record Script(string Text, string Path);

/// <summary>Checks what would otherwise fail only in the guest, with a message that does not say why.</summary>
internal static class ScriptFile
{
    public static Script? Check(byte[] content, string path, string shown, Problems problems)
    {
        if (Utf8Text.Decode(content) is not { } text || text.Contains('\0'))
        {
            return Refuse(1, "the script is not UTF-8 text; save it as UTF-8.");
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return Refuse(1, "the script is empty; write what it should do, or remove the step.");
        }

        if (path.EndsWith(".ps1", StringComparison.Ordinal))
        {
            return new Script(text.ReplaceLineEndings("\n"), path);
        }

        if (text.IndexOf('\r') is >= 0 and var at)
        {
            return Refuse(
                text.AsSpan(0, at).Count('\n') + 1,
                "this line ends in CRLF, which the guest's shell does not understand; save the file with LF."
            );
        }

        if (content.AsSpan().StartsWith(Encoding.UTF8.Preamble))
        {
            return Refuse(1, "the script begins with a byte-order mark, which hides its #! line; save it as UTF-8 without one.");
        }

        return text.StartsWith("#!/", StringComparison.Ordinal)
            ? new Script(text, path)
            : Refuse(
                1,
                $"the script begins with {Shown.Value(text.Split('\n')[0])}; its first line must name the interpreter, as in #!/bin/sh"
            );

        Script? Refuse(int line, string message)
        {
            problems.Add([new Problem(shown, new Place(line, 1), message)]);
            return null;
        }
    }
}
