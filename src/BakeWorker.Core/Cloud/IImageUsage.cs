namespace BakeWorker.Core.Cloud;

/// <summary>What EC2 found of one image in other accounts. <paramref name="Users"/> is null as long as it has not, or where it could not.</summary>
public sealed record UsageReport(DateTimeOffset AskedAt, IReadOnlyList<string>? Users, string State);

/// <summary>Who in other accounts uses images of this one: EC2's image usage reports, which take minutes and stay 30 days.</summary>
public interface IImageUsage
{
    /// <summary>The newest report on this image; null when none was asked for.</summary>
    Task<UsageReport?> FindAsync(ImageId id, CancellationToken ct);

    /// <summary>Asks for a report. The same day twice is one report.</summary>
    Task AskAsync(ImageId id, CancellationToken ct);
}
