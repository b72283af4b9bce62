using BakeWorker.Core.Bakes;

namespace BakeWorker.Core.Pipeline;

/// <summary>Sees a bake as it happens: the live view of the command line, the board. Calls may come from side-by-side stages.</summary>
public interface IBakeObserver
{
    /// <summary>An attempt begins.</summary>
    void Began(Bake bake) { }

    void StageStarted(Bake bake, string stage);

    /// <param name="failure">Null when the stage succeeded.</param>
    void StageEnded(Bake bake, string stage, TimeSpan took, string? failure);

    /// <summary>A step, test or wait inside a stage, in words for a person.</summary>
    void Note(Bake bake, string stage, string text);

    /// <summary>The attempt is over: with the final result of the bake, or, when another attempt goes on with it, without one.</summary>
    /// <param name="pause">Why it is not final, in one sentence; null together with a result.</param>
    void Ended(Bake bake, BakeResult? result, string? pause) { }
}

/// <summary>For those who do not look.</summary>
public sealed class NoObserver : IBakeObserver
{
    public static readonly NoObserver Instance = new();

    public void StageStarted(Bake bake, string stage) { }

    public void StageEnded(Bake bake, string stage, TimeSpan took, string? failure) { }

    public void Note(Bake bake, string stage, string text) { }
}
