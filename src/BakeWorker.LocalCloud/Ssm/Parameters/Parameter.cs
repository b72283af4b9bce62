namespace BakeWorker.LocalCloud.Ssm.Parameters;

/// <summary>A parameter of the account with the versions SSM still keeps, oldest first.</summary>
internal sealed class Parameter(string name, string type)
{
    public const int VersionLimit = 100;

    public string Name { get; } = name;
    public string Type { get; } = type;
    public List<ParameterVersion> Versions { get; } = [];
    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
    public ParameterVersion Latest => Versions[^1];
}

/// <summary>One version. <paramref name="DataType"/> is <c>text</c> or <c>aws:ec2:image</c>.</summary>
internal sealed record ParameterVersion(long Version, string Value, string DataType, string Tier, DateTimeOffset ModifiedAt)
{
    public string? Description { get; init; }
    public string? AllowedPattern { get; init; }
    public string? KeyId { get; init; }
    public SortedSet<string> Labels { get; } = new(StringComparer.Ordinal);
}

/// <summary>A value as somebody reads it, be it the account's own or one that AWS publishes.</summary>
public sealed record ReadableParameter(string Name, string Type, string Value, long Version, string DataType, DateTimeOffset ModifiedAt)
{
    public required string Arn { get; init; }

    /// <summary><c>:VERSION</c> or <c>:LABEL</c> as asked for; empty for the latest.</summary>
    public string Selector { get; init; } = "";
}
