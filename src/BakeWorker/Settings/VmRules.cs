namespace BakeWorker.Settings;

/// <summary>What the settings of virtual machines must satisfy.</summary>
internal static class VmRules
{
    public static IEnumerable<string> Check(VmSettings options)
    {
        if (options.MemoryMiB is < 384 or > 65536)
        {
            yield return SettingsRules.Broken(
                "Vm:MemoryMiB",
                options.MemoryMiB,
                "no system would come up, or no host has it; give 384 to 65536"
            );
        }

        if (options.Processors is < 1 or > 64)
        {
            yield return SettingsRules.Broken("Vm:Processors", options.Processors, "give 1 to 64");
        }

        if (options.MaxRunning is < 2 or > 100)
        {
            yield return SettingsRules.Broken(
                "Vm:MaxRunning",
                options.MaxRunning,
                "a builder could wait for itself; give 2 to 100 machines"
            );
        }

        foreach (var host in options.Reach.Where(host => host.Length == 0 || host.AsSpan().ContainsAny(" /:\t")))
        {
            yield return SettingsRules.Broken("Vm:Reach", $"'{host}'", "that is no name of a host; write it without scheme, port and path");
        }
    }
}
