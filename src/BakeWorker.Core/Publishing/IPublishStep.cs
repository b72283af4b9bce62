using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Publishing;

/// <summary>One change that publishing makes in every Region: what could forbid it, and its way back. Any of it may be run again at any time.</summary>
public interface IPublishStep
{
    /// <summary>Adds whatever would keep the change from being made, as far as it can be known before anything is built.</summary>
    Task CheckAsync(Recipe recipe, Obstacles obstacles, CancellationToken ct);

    /// <summary>Makes the change, or finds it made. The home image comes last.</summary>
    Task ApplyAsync(BakeRun run, IReadOnlyList<Image> images, CancellationToken ct);

    /// <summary>Takes back what it changed for this image, and nothing that somebody else has changed since.</summary>
    Task UndoAsync(Recipe recipe, Image image, CancellationToken ct);
}

/// <summary>Something that stands in the way of a publication, and how to mend it.</summary>
public sealed record Obstacle(string Region, string What, string Mend)
{
    public override string ToString() => $"{Region}: {What}; {Mend}.";
}

/// <summary>All that stands in the way of a publication.</summary>
public sealed class Obstacles
{
    private readonly List<Obstacle> _each = [];

    public IReadOnlyList<Obstacle> Each => _each;
    public IReadOnlyList<string> Found => [.. _each.Select(obstacle => obstacle.ToString())];

    public void Add(string region, string what, string mend) => _each.Add(new Obstacle(region, what, mend));
}
