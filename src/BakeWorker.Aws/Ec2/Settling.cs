namespace BakeWorker.Aws.Ec2;

/// <summary>EC2 shows what was just made only after a while, so one empty answer proves nothing.</summary>
internal static class Settling
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private const int Looks = 12;

    /// <summary>Looks until there is something to see, for about a minute.</summary>
    public static async Task<T?> LookAsync<T>(TimeProvider time, Func<Task<T?>> find, CancellationToken ct)
        where T : class
    {
        for (var look = 1; ; look++)
        {
            var found = await find();
            if (found is not null || look == Looks)
            {
                return found;
            }

            await Task.Delay(Pause, time, ct);
        }
    }
}
