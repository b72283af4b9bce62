using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BakeWorker.Checks;

namespace BakeWorker.Output;

/// <summary>What the doctor finds: one line for each thing, with the mend below it, or one document.</summary>
internal static class DoctorText
{
    private const string Indent = "        ";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(Terminal terminal, Check check)
    {
        terminal.Output.WriteLine($"{Word(check), -8}{check.Subject}: {Texts.Plain(check.Text).TrimEnd('.')}");
        if (check.Mend.Length > 0)
        {
            terminal.Output.WriteLine($"{Indent}mend: {Texts.Plain(check.Mend)}");
        }

        terminal.Output.Flush();
    }

    public static void WriteSum(Terminal terminal, IReadOnlyList<Check> checks)
    {
        var (faults, unknown) = (checks.Count(Is(CheckState.Fault)), checks.Count(Is(CheckState.Unknown)));
        terminal.Say($"{Texts.Count(faults, "fault")}, {unknown} unknown, {checks.Count - faults - unknown} well.");
    }

    public static string ToJson(IReadOnlyList<Check> checks) =>
        new JsonObject
        {
            ["well"] = !checks.Any(Is(CheckState.Fault)),
            ["checks"] = new JsonArray([
                .. checks.Select(check => new JsonObject
                {
                    ["subject"] = check.Subject,
                    ["state"] = Word(check),
                    ["text"] = check.Text,
                    ["mend"] = check.Mend.Length > 0 ? check.Mend : null,
                }),
            ]),
        }.ToJsonString(Readable);

    private static Func<Check, bool> Is(CheckState state) => check => check.State == state;

    private static string Word(Check check) => check.State.ToString().ToLowerInvariant();
}
