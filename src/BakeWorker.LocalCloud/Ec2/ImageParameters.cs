namespace BakeWorker.LocalCloud.Ec2;

/// <summary>Parameter Store as EC2 reads it: one value by Region and name, and every parameter of a Region that names an image.</summary>
public sealed record ImageParameters(Func<string, string, string?> Find, Func<string, IEnumerable<(string Name, string ImageId)>> List)
{
    /// <summary>Only the public parameters, which EC2 knows by itself.</summary>
    public static ImageParameters PublicOnly { get; } =
        new((region, name) => PublicParameters.For(region).GetValueOrDefault(name), _ => []);
}
