namespace BakeWorker.Core.Publishing;

/// <summary>
/// Everything that publishing changes, in its order. Up to the judged copies nobody sees anything; <c>released-at</c>, on the home image last
/// of all, is what makes it final. What fails before that is taken back in the reverse order.
/// </summary>
public sealed class PublishSteps(
    JudgeCopies judged,
    ShareImages shared,
    DeprecateLater deprecated,
    AddTemplateVersions versions,
    MovePointers pointers,
    SwitchTemplates defaults,
    ReleaseImages released
)
{
    /// <summary>The first step that moves what consumers follow.</summary>
    public IPublishStep FirstToMove => pointers;

    public IReadOnlyList<IPublishStep> InOrder { get; } = [judged, shared, deprecated, versions, pointers, defaults, released];
}
