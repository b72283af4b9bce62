using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Waiting;

namespace BakeWorker.Core.Publishing;

/// <summary>Moves pointer parameters. A write is validated after it was answered, so only what is read back counts.</summary>
public sealed class PointerMoves(ICloud cloud, Watchers watchers, TimeProvider time)
{
    private static readonly TimeSpan Validation = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Overtaking = TimeSpan.FromMinutes(1);
    private readonly PointerTurns _turns = new();

    /// <summary>Moves the pointer in every Region, as one piece of work of this worker.</summary>
    public Task MoveAsync(string pointer, IReadOnlyList<Image> images, string why, Action<Image> moved, CancellationToken ct) =>
        _turns.TakeAsync(
            pointer,
            async () =>
            {
                foreach (var image in images)
                {
                    await WriteAsync(image.Region, pointer, image.Id, why, ct);
                    moved(image);
                }

                await ExpectOneAsync(pointer, images, ct);
            },
            ct
        );

    /// <summary>Moves it in one Region; answers the version. A later write of somebody else counts as done, too.</summary>
    public async Task<long> WriteAsync(string region, string pointer, ImageId image, string why, CancellationToken ct)
    {
        var version = await cloud.In(region).Pointers.EnsureAsync(pointer, image, why, ct);
        var begun = new Begun("pointer", time.GetUtcNow());
        var pointers = watchers.In(region).Pointers;
        if (
            !await Within.TryAsync(
                Validation,
                time,
                token => pointers.WaitAsync(pointer, begun, seen => seen.Image == image || seen.Version > version, token),
                ct
            )
        )
        {
            var seen = await cloud.In(region).Pointers.FindAsync(pointer, ct);
            throw Failures.PublishFailed($"parameter {pointer}", region, seen?.Image.Value ?? "absent");
        }

        return version;
    }

    // Nothing in SSM compares and swaps. Of two bakes on two workers that wrote the Regions in turns, none finds all of them its own after its
    // last write, so both begin again, and the last one to end finds them.
    private async Task ExpectOneAsync(string pointer, IReadOnlyList<Image> images, CancellationToken ct)
    {
        var ours = new List<Image>();
        foreach (var image in images.Count > 1 ? images : [])
        {
            if ((await cloud.In(image.Region).Pointers.FindAsync(pointer, ct))?.Image == image.Id)
            {
                ours.Add(image);
            }
        }

        if (images.Count == 1 || ours.Count == 0 || ours.Count == images.Count)
        {
            return;
        }

        // Somebody who has only begun will come to the other Regions, too.
        var begun = new Begun("pointer", time.GetUtcNow());
        if (!await Within.TryAsync(Overtaking, time, token => Task.WhenAll(ours.Select(image => LeaveAsync(image, token))), ct))
        {
            throw Failures.PublishContended($"parameter {pointer}");
        }

        Task LeaveAsync(Image image, CancellationToken token) =>
            watchers.In(image.Region).Pointers.WaitAsync(pointer, begun, seen => seen.Image != image.Id, token);
    }
}
