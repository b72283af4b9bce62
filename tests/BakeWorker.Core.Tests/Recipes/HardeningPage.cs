using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Recipes;

/// <summary>A row of a table of docs/hardening.md.</summary>
internal sealed record HardeningControl(string Id, string Control, string Why, string VerifiedBy);

/// <summary>The tables of docs/hardening.md.</summary>
internal static class HardeningPage
{
    /// <param name="system">linux or windows</param>
    public static IReadOnlyList<HardeningControl> Controls(string system) =>
        [
            .. File.ReadLines(Checkout.File("docs/hardening.md"))
                .SkipWhile(line => line != $"<!-- {system} controls -->")
                .TakeWhile(line => line != $"<!-- end of {system} controls -->")
                .Skip(3)
                .Select(line => line.Trim('|', ' ').Split(" | "))
                .Select(cells => new HardeningControl(cells[0], cells[1], cells[2], cells[3])),
        ];
}
