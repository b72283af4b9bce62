using Spectre.Console;

namespace BakeWorker.Output;

/// <summary>Bakes as a table, for people.</summary>
public sealed class StatusTable(IAnsiConsole console, TimeProvider time)
{
    public void Write(IReadOnlyList<SeenBake> bakes)
    {
        IReadOnlyList<IReadOnlyList<string>> rows =
        [
            ["BAKE", "RECIPE", "STATE", "AGE", "IMAGE", "INSTANCES"],
            .. bakes.Select(bake =>
                (IReadOnlyList<string>)
                    [
                        bake.BakeId,
                        bake.Recipe,
                        bake.State,
                        Age(bake),
                        bake.Image ?? "-",
                        string.Join(" ", bake.Instances.DefaultIfEmpty("-")),
                    ]
            ),
        ];
        var widths = Enumerable.Range(0, rows[0].Count).Select(column => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
        {
            console.WriteLine(string.Join("  ", row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
        }
    }

    private string Age(SeenBake bake) => bake.StartedAt is { } start ? Texts.Age(time.GetUtcNow() - start) : "-";
}
