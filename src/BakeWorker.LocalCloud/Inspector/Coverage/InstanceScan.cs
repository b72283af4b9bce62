using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Inspector.Findings;

namespace BakeWorker.LocalCloud.Inspector.Coverage;

/// <summary>What Inspector knows of one instance it has seen running.</summary>
internal sealed class InstanceScan(Machine machine)
{
    public Machine Machine { get; } = machine;

    /// <summary>End of the last successful package scan; null before the first.</summary>
    public DateTimeOffset? ScannedAt { get; set; }

    /// <summary>When Inspector noticed that the instance was terminated.</summary>
    public DateTimeOffset? GoneAt { get; set; }

    /// <summary>A scan is on its way.</summary>
    public bool IsScheduled { get; set; }

    /// <summary>The guest has no package database that Inspector reads.</summary>
    public bool IsUnsupported { get; set; }

    /// <summary>OSV's name of the operating system, such as <c>Debian:12</c>; empty before the first scan.</summary>
    public string Ecosystem { get; set; } = "";

    /// <summary>By vulnerability id.</summary>
    public SortedDictionary<string, Finding> Findings { get; } = new(StringComparer.Ordinal);
}
