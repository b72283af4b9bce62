using BakeWorker.Commands;
using BakeWorker.Core.Policies;

namespace BakeWorker.Settings;

/// <summary>The operator's policy, from the file that the settings name.</summary>
internal static class PolicyFile
{
    public static PolicyReading Read(WorkerSettings settings, Shell shell) =>
        settings.Bakery.Policy.Length == 0
            ? new PolicyReading(OperatorPolicy.Default, [])
            : PolicyReader.Read(shell.FullPath(settings.Bakery.Policy));

    /// <summary>The policy; a file with errors is refused as settings are, because without it nothing may be baked.</summary>
    public static OperatorPolicy Require(WorkerSettings settings, Shell shell)
    {
        var reading = Read(settings, shell);
        return reading.Policy ?? throw new UsageException($"the policy has errors:\n{string.Join('\n', reading.Problems)}");
    }
}
