namespace BakeWorker.Core.Components;

/// <summary>The phases of a component, by the names they have in its document.</summary>
internal static class ComponentPhases
{
    /// <summary>Where the recipe names the component.</summary>
    public const string Build = "build";

    /// <summary>In the builder, when every step but the cleanup is done.</summary>
    public const string Validate = "validate";

    /// <summary>On an instance of the image.</summary>
    public const string Test = "test";

    public static readonly IReadOnlyList<string> All = [Build, Validate, Test];
}
