using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.LaunchTemplates;

/// <summary>A launch template with its versions; one of them is the default.</summary>
internal sealed class LaunchTemplate(string id, string name, DateTimeOffset createdAt) : Resource(id, "launch-template")
{
    public string Name { get; } = name;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public long DefaultVersion { get; set; } = 1;
    public List<TemplateVersion> Versions { get; } = [];
    public long LatestVersion => Versions[^1].Version;

    /// <summary>Numbers are never used twice, also when the latest version was deleted.</summary>
    public long NextVersion() => ++_numbered;

    private long _numbered = 1;

    /// <summary>A version by number, <c>$Latest</c> or <c>$Default</c>; null when there is none.</summary>
    public TemplateVersion? Find(string version)
    {
        long? number = version switch
        {
            "$Latest" => LatestVersion,
            "$Default" => DefaultVersion,
            _ => long.TryParse(version, out var parsed) ? parsed : null,
        };
        return Versions.Find(candidate => candidate.Version == number);
    }

    public TemplateVersion Get(string version) =>
        Find(version)
        ?? throw new CloudException(
            "InvalidLaunchTemplateId.VersionNotFound",
            $"Could not find launch template version {version} for launch template {Id}"
        );
}

/// <summary>One version: the launch parameters, named as RunInstances names them.</summary>
internal sealed record TemplateVersion(long Version, string? Description, DateTimeOffset CreatedAt, QueryInput Data)
{
    public string? ImageId => Data.String("ImageId");
}
