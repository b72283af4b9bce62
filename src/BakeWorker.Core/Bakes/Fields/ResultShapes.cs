using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Bakes.Fields;

/// <summary>What the parts of a result are made of: JSON that may gain members, and texts as they were found.</summary>
internal static class ResultShapes
{
    public static readonly TextShape Text = new("text", "text", int.MaxValue) { MayBeEmpty = true };
    public static readonly InstantShape Instant = new();

    public static SectionShape Open(string noun, params Field[] fields) => new(noun, fields) { IsJson = true, IsOpen = true };
}
