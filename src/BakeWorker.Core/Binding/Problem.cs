using System.Runtime.InteropServices;

namespace BakeWorker.Core.Binding;

/// <summary>A place in a document; both figures count from 1.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Place(int Line, int Column)
{
    public static Place Start => new(1, 1);
}

/// <summary>Something wrong in a document, as one sentence that names the value and says what to write instead.</summary>
public sealed record Problem(string File, Place Place, string Message)
{
    /// <summary>Worth telling, no reason to refuse.</summary>
    public bool IsWarning { get; init; }

    /// <summary>A stable word for what is a matter of care rather than of right and wrong; null for everything else.</summary>
    public string? Rule { get; init; }

    public override string ToString() => $"{File}:{Place.Line}:{Place.Column}: {(IsWarning ? "warning: " : "")}{Message}";
}
