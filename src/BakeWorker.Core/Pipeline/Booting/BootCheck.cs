namespace BakeWorker.Core.Pipeline.Booting;

/// <summary>How a check of a boot test ended.</summary>
public enum CheckResult
{
    Passed,
    Failed,

    /// <summary>It could not be made there, because it was no whole machine.</summary>
    NotApplicable,
}

/// <summary>One thing that was checked on an instance of the image, and how it went.</summary>
public sealed record BootCheck(string Name, CheckResult Result, string? Detail = null)
{
    /// <summary>Type of the instance.</summary>
    public string? InstanceType { get; init; }

    /// <summary>1 for the first boot, 2 after the restart.</summary>
    public int Boot { get; init; } = 1;

    /// <summary>What a test scored of 100; null where none was asked, or none was told.</summary>
    public TestScore? Score { get; init; }
}
