using BakeWorker.Core.Bakes;

namespace BakeWorker.Core.Pipeline;

/// <summary>Sees a bake as it happens: the live view of the command line. Calls may come from side-by-side stages.</summary>
public interface IBakeObserver
{
    void StageStarted(Bake bake, string stage);

    /// <param name="failure">Null when the stage succeeded.</param>
    void StageEnded(Bake bake, string stage, TimeSpan took, string? failure);

    /// <summary>A step, test or wait inside a stage, in words for a person.</summary>
    void Note(Bake bake, string stage, string text);
}

/// <summary>For those who do not look.</summary>
public sealed class NoObserver : IBakeObserver
{
    public static readonly NoObserver Instance = new();

    public void StageStarted(Bake bake, string stage) { }

    public void StageEnded(Bake bake, string stage, TimeSpan took, string? failure) { }

    public void Note(Bake bake, string stage, string text) { }
}
