using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BakeWorker.Core.Publishing;

namespace BakeWorker.Output;

/// <summary>What a rollback did: one line for each Region, or one document.</summary>
public sealed class RollbackText(Terminal terminal)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Write(RollbackReport report)
    {
        foreach (var move in report.Moves)
        {
            terminal.Output.WriteLine($"{move.Action, -7} {move.Region}: {Words(move)}");
        }

        terminal.Say(
            report.IsComplete
                ? $"{report.Recipe} is at the images of {report.Bake} in every Region."
                : $"{report.Recipe} is not at {report.Bake} everywhere; mend what the lines say, and run the same command again."
        );
    }

    public static string ToJson(RollbackReport report) =>
        new JsonObject
        {
            ["recipe"] = report.Recipe,
            ["bakeId"] = report.Bake,
            ["complete"] = report.IsComplete,
            ["regions"] = new JsonArray([.. report.Moves.Select(ToJson)]),
        }.ToJsonString(Readable);

    private static JsonNode ToJson(RollbackMove move) =>
        new JsonObject
        {
            ["region"] = move.Region,
            ["action"] = move.Action,
            ["image"] = move.Image.Value,
            ["before"] = move.Before?.Value,
            ["pointerVersion"] = move.Pointer,
            ["templateVersion"] = move.TemplateVersion,
            ["failure"] = move.Failure,
        };

    private static string Words(RollbackMove move)
    {
        string?[] parts =
        [
            $"{move.Before?.Value ?? "nothing"} -> {move.Image}",
            move.Pointer is { } version ? $"pointer version {version}" : null,
            move.TemplateVersion is { } template ? $"default template version {template}" : null,
            move.Failure,
        ];
        return string.Join(", ", parts.OfType<string>());
    }
}
