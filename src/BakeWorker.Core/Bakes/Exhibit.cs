namespace BakeWorker.Core.Bakes;

/// <summary>One piece of evidence of a failure: the console, a screenshot, the last lines of a log.</summary>
public sealed record Exhibit(string Name, string MediaType)
{
    /// <summary>Its text, masked, or what could not be had and why; of a long one the end.</summary>
    public string? Text { get; init; }

    /// <summary>Its bytes in base64, where they are no text and few.</summary>
    public string? Base64 { get; init; }

    /// <summary>Where all of it lies, on the worker that made it.</summary>
    public string? File { get; init; }
}
