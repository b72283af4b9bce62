using BakeWorker.LocalCloud.Faults;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Kms;

namespace BakeWorker.LocalCloud;

/// <summary>
/// What the services of one LocalCloud share: the gate that every state change happens under, the timeline, ids, and the guest host.
/// </summary>
public sealed class LocalCloudAccount : IDisposable
{
    private readonly Random _random;

    public LocalCloudAccount(LocalCloudOptions options, TimeProvider time, IGuestHost guests)
    {
        Options = options;
        Guests = guests;
        _random = new Random(options.Seed);
        Faults = new CloudFaults(time);
        Clock = new CloudClock(time, options.Speed, Gate, () => Faults.ClockSkew);
        Keys = new KeyBook(options.AccountId, () => Clock.Now);
    }

    public LocalCloudOptions Options { get; }
    public IGuestHost Guests { get; }
    public CloudClock Clock { get; }
    public CloudFaults Faults { get; }

    internal KeyBook Keys { get; }

    /// <summary>Taken by every operation and every timeline action; never held across an await.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Lower-case hex digits for a new id, such as 17 for EC2 resources. Call under the gate.</summary>
    public string NewHex(int digits)
    {
        lock (Gate)
        {
            return string.Create(digits, _random, static (span, random) => random.GetHexString(span, lowercase: true));
        }
    }

    /// <summary>A new UUID-shaped id. Call under the gate.</summary>
    public string NewUuid()
    {
        var hex = NewHex(32);
        return $"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}";
    }

    /// <summary>The duration, up to a fifth shorter or longer.</summary>
    public TimeSpan Jitter(TimeSpan typical)
    {
        lock (Gate)
        {
            return typical * (0.8 + (0.4 * _random.NextDouble()));
        }
    }

    public void Dispose() => Clock.Dispose();
}
