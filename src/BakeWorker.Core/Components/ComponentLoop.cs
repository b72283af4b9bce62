using System.Globalization;
using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Components;

/// <summary>The turns of a loop. Each becomes a step of its own, so they must be known before the bake.</summary>
internal static class ComponentLoop
{
    private const int MostTurns = 50;
    private const string UsualName = "loop";

    /// <summary>One null for a step without a loop; nothing after an error.</summary>
    public static IReadOnlyList<Turn?> Turns(Section step, Func<Node, Node?> resolve, Problems problems)
    {
        if (!step.TryGet(ComponentStepFields.Loop, out var loop))
        {
            return [null];
        }

        var values = loop.TryGet(ComponentLoopFields.For, out var range) ? Numbers(range) : Texts(loop, resolve, problems);
        if (values is null)
        {
            return [];
        }

        if (values.Count is 0 or > MostTurns)
        {
            var count = values.Count == 0 ? "no turn" : $"more than {MostTurns} turns";
            problems.Error(loop.Place, $"{step.PathOf(ComponentStepFields.Loop)} has {count}; write 1 to {MostTurns}.");
            return [];
        }

        var name = loop.Find(ComponentLoopFields.Name) ?? UsualName;
        return [.. values.Select((value, index) => new Turn(name, index, value))];
    }

    private static List<string>? Numbers(Section range)
    {
        if (
            range.FindValue(ComponentRangeFields.Start) is not { } start
            || range.FindValue(ComponentRangeFields.End) is not { } end
            || range.FindValue(ComponentRangeFields.UpdateBy) is not { } step
        )
        {
            return null;
        }

        // Away from its end it would never come to it; that is as wrong as no turn at all.
        var values = new List<string>();
        for (long value = start; step != 0 && values.Count <= MostTurns && (step > 0 ? value <= end : value >= end); value += step)
        {
            values.Add(value.ToString(CultureInfo.InvariantCulture));
        }

        return values;
    }

    private static List<string>? Texts(Section loop, Func<Node, Node?> resolve, Problems problems)
    {
        var path = loop.PathOf(ComponentLoopFields.ForEach);
        if (!loop.TryGet(ComponentLoopFields.ForEach, out var written) || resolve(written) is not { } node)
        {
            return null;
        }

        if (node is MapNode)
        {
            return
                ComponentListFields.Shape.TryRead(node, path, problems, out var delimited)
                && delimited.TryGet(ComponentListFields.List, out var list)
                ? [.. list.Split(delimited.Find(ComponentListFields.Delimiter) ?? ",")]
                : null;
        }

        return new Modules.TextListShape().TryRead(node, path, problems, out var texts) ? [.. texts] : null;
    }
}
