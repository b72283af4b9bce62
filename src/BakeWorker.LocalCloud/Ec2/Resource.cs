namespace BakeWorker.LocalCloud.Ec2;

/// <summary>Something with an id and tags. <paramref name="type"/> is its word in tag specifications, such as <c>instance</c>.</summary>
internal abstract class Resource(string id, string type)
{
    public string Id { get; } = id;
    public string Type { get; } = type;

    /// <summary>Its place in the order of creation within its table; what a page token points at.</summary>
    public long Number { get; set; }
    public Dictionary<string, string> Tags { get; } = [];

    /// <summary>Until then describes do not know it yet: EC2 is eventually consistent.</summary>
    public DateTimeOffset VisibleFrom { get; set; }

    /// <summary>Called after its tags changed.</summary>
    public virtual void OnTagged() { }
}
