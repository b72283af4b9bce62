using System.Globalization;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Naming;

/// <summary>The tags of the resource contract, as each kind of resource carries them from the call that makes it.</summary>
internal static class Tags
{
    /// <summary>EC2: a value has at most 256 characters.</summary>
    private const int ValueLength = 256;

    public const string ImageRole = "image";
    public const string CopyRole = "copy";
    public const string PointerRole = "pointer";

    public static string Role(InstanceRole role) =>
        role switch
        {
            InstanceRole.Builder => "builder",
            InstanceRole.Trial => "trial",
            InstanceRole.Probe => "probe",
            _ => "tester",
        };

    public static Dictionary<string, string> OfInstance(Bake bake, LaunchOrder order, int generation)
    {
        var tags = Of(bake, Role(order.Role), order.Image.Id.Value, $"{bake.Recipe.Name} {Role(order.Role)} {bake.Id}");
        tags[ResourceTags.Generation] = generation.ToString(CultureInfo.InvariantCulture);
        Explain(tags, order.Because);
        return tags;
    }

    public static Dictionary<string, string> OfImage(Bake bake, Instance builder)
    {
        var tags = OfImage(bake, builder.Tags.GetValueOrDefault(ResourceTags.SourceImage) ?? builder.Image.Value);
        Explain(tags, builder.Tags.GetValueOrDefault(ResourceTags.Because));
        return tags;
    }

    /// <summary>A copy is like its image, but nobody has judged or released it.</summary>
    public static Dictionary<string, string> OfCopy(Bake bake, Image source)
    {
        var tags = OfImage(bake, source.Tags.GetValueOrDefault(ResourceTags.SourceImage) ?? source.Id.Value);
        tags[ResourceTags.Role] = CopyRole;
        return tags;
    }

    private static Dictionary<string, string> OfImage(Bake bake, string sourceImage) =>
        Of(bake, ImageRole, sourceImage, $"{bake.Recipe.Name} {bake.Id}");

    private static void Explain(Dictionary<string, string> tags, string? because)
    {
        if (because is not null)
        {
            tags[ResourceTags.Because] = Cut(because);
        }
    }

    private static Dictionary<string, string> Of(Bake bake, string role, string sourceImage, string name)
    {
        var tags = new Dictionary<string, string>
        {
            ["Name"] = Cut(name),
            [ResourceTags.BakeId] = bake.Id.Value,
            [ResourceTags.Recipe] = bake.Recipe.Name,
            [ResourceTags.RecipeDigest] = bake.Recipe.Digest,
            [ResourceTags.Role] = role,
            [ResourceTags.Parameters] = bake.ParametersDigest,
            [ResourceTags.SourceImage] = sourceImage,
            [ResourceTags.Owner] = Cut(bake.Recipe.Owner),
            [ResourceTags.Deadline] = ResourceTags.Time(bake.Deadline),
            [ResourceTags.Worker] = Cut(bake.Worker),
        };
        if (bake.TraceParent is { } traceParent)
        {
            tags[ResourceTags.TraceParent] = traceParent;
        }

        foreach (var (key, value) in bake.Recipe.Tags)
        {
            tags.TryAdd(key, Cut(value));
        }

        return tags;
    }

    private static string Cut(string value) => value.Length > ValueLength ? value[..ValueLength] : value;
}
