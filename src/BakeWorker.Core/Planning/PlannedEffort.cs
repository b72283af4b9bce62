using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Planning;

/// <summary>What the bake of an earlier image took. A price nobody knows here: it is the account's, and moves with Region and market.</summary>
/// <param name="Image">The newest released image whose proof tells it.</param>
/// <param name="Took">From the first stage to the proof.</param>
/// <param name="Builder">How long its builder ran.</param>
/// <param name="Tester">How long its tester ran.</param>
public sealed record PlannedEffort(ImageId Image, TimeSpan Took, TimeSpan Builder, TimeSpan Tester);
