namespace BakeWorker.LocalCloud.Protocols;

/// <summary>Dates as AWS JSON and REST-JSON carry them: seconds since the epoch, with a fraction.</summary>
public static class EpochSeconds
{
    public static double ToEpochSeconds(this DateTimeOffset moment) => moment.ToUnixTimeMilliseconds() / 1000.0;

    public static DateTimeOffset FromEpochSeconds(double seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);
}
