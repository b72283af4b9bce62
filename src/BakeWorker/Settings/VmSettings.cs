namespace BakeWorker.Settings;

/// <summary>Section <c>Vm</c>: how large the embedded LocalCloud's virtual machines are, and what they reach.</summary>
public sealed class VmSettings
{
    /// <summary>Memory of each machine in MiB.</summary>
    public int MemoryMiB { get; set; } = 1024;

    /// <summary>Virtual processors of each machine.</summary>
    public int Processors { get; set; } = 2;

    /// <summary>So many run at once; others wait.</summary>
    public int MaxRunning { get; set; } = 4;

    /// <summary>Hosts, with <c>*</c> for any part of a name, that machines reach by HTTP and HTTPS besides package mirrors.</summary>
    public IList<string> Reach { get; set; } = [];
}
