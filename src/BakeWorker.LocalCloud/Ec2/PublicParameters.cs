using System.Collections.Concurrent;
using BakeWorker.LocalCloud.Ec2.Catalogue;

namespace BakeWorker.LocalCloud.Ec2;

/// <summary>The public SSM parameters (<c>/aws/service/…</c>) that name the newest base image of each family.</summary>
public static class PublicParameters
{
    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> Known = new();

    /// <summary>Parameter name to AMI id, for one Region.</summary>
    public static IReadOnlyDictionary<string, string> For(string region) => Known.GetOrAdd(region, List);

    private static Dictionary<string, string> List(string region) =>
        (
            from family in ImageFamilies.All
            from architecture in family.Architectures
            from name in family.ParameterNames(architecture)
            select (name, Id: family.ImageId(region, architecture, 0))
        ).ToDictionary(entry => entry.name, entry => entry.Id);
}
