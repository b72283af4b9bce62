namespace BakeWorker.LocalCloud.Inspector.Advisories;

/// <summary>How a package format orders its versions.</summary>
public static class VersionOrder
{
    /// <summary>The order that an OSV ecosystem uses; null for one this cloud does not know.</summary>
    public static IComparer<string>? For(string ecosystem) =>
        ecosystem.Split(':')[0] switch
        {
            "Debian" or "Ubuntu" => DpkgVersionOrder.Instance,
            "AlmaLinux" or "Amazon Linux" or "Fedora" or "Red Hat" or "Rocky Linux" or "SUSE" or "openSUSE" => RpmVersionOrder.Instance,
            _ => null,
        };

    /// <summary>Compares two runs of digits by value, however long they are.</summary>
    internal static int CompareDigits(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = left.TrimStart('0');
        right = right.TrimStart('0');
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
    }

    /// <summary>Splits <c>epoch:rest</c>; without an epoch it is 0.</summary>
    internal static ReadOnlySpan<char> SplitEpoch(string version, out ReadOnlySpan<char> epoch)
    {
        var colon = version.IndexOf(':', StringComparison.Ordinal);
        epoch = colon < 0 ? "0" : version.AsSpan(0, colon);
        return version.AsSpan(colon + 1);
    }
}
