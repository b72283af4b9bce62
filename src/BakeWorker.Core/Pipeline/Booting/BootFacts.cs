namespace BakeWorker.Core.Pipeline.Booting;

/// <summary>What an instance says of its boot: the boot's own id, and the checks.</summary>
public sealed record BootFacts(string BootId, IReadOnlyList<BootCheck> Checks)
{
    public IEnumerable<BootCheck> Failed => Checks.Where(check => check.Result == CheckResult.Failed);

    /// <summary>Null when the output does not begin as the script's does.</summary>
    public static BootFacts? Parse(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r').Split('\t')).ToList();
        return lines is [["boot", var id], ..]
            ? new BootFacts(
                id,
                [.. lines.Skip(1).Where(line => line is ["check", _, _, _]).Select(line => Check(line[1], line[2], line[3]))]
            )
            : null;
    }

    // A word that this version does not know is no pass.
    private static BootCheck Check(string name, string result, string detail) =>
        new(
            name,
            result switch
            {
                "passed" => CheckResult.Passed,
                "not-applicable" => CheckResult.NotApplicable,
                _ => CheckResult.Failed,
            },
            detail.Length == 0 ? null : detail
        );
}
