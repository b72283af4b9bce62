namespace BakeWorker.LocalCloud.Ec2.Networking;

/// <summary>An availability zone, such as eu-west-1a.</summary>
internal sealed record Zone(string Region, string Letter)
{
    public string Name => Region + Letter;

    /// <summary>Such as euw1-az1.</summary>
    public string Id => $"{ShortName(Region)}-az{Letter[0] - 'a' + 1}";

    /// <summary>AWS's short word for a Region: eu-west-1 is euw1, ap-southeast-2 is apse2.</summary>
    private static string ShortName(string region)
    {
        var words = region.Split('-');
        var direction = words[1] switch
        {
            "northeast" => "ne",
            "northwest" => "nw",
            "southeast" => "se",
            "southwest" => "sw",
            var word => word[..1],
        };
        return $"{words[0]}{direction}{words[^1]}";
    }
}
