using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Requests;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>DescribeImageReferences: what in this account still uses these images.</summary>
internal static class ImageReferences
{
    private const int MaxImages = 10;
    private const int DefaultDepth = 10;
    private const int MaxDepth = 10_000;
    private static readonly string[] Kinds =
    [
        "ec2:Instance",
        "ec2:LaunchTemplate",
        "ssm:Parameter",
        "imagebuilder:ImageRecipe",
        "imagebuilder:ContainerRecipe",
    ];

    private static readonly Listing<(string ImageId, string Kind, string Arn)> Listing = new(
        "imageReferenceSet",
        new Filters<(string ImageId, string Kind, string Arn)>(),
        reference => [Value("imageId", reference.ImageId), Value("resourceType", reference.Kind), Value("arn", reference.Arn)]
    );

    public static IEnumerable<XElement> Describe(Ec2Call call)
    {
        var ids = call.Input.Strings("ImageId");
        if (ids.Count is 0 or > MaxImages)
        {
            throw Ec2Errors.InvalidValue($"Between 1 and {MaxImages} image ids must be given.");
        }

        ids.ToList().ForEach(call.Region.Images.RefuseMalformed);
        var wanted = WantedKinds(call);
        return Listing.Of(
            call.Input,
            All(call, Depth(call)).Where(reference => ids.Contains(reference.ImageId) && wanted.Contains(reference.Kind))
        );
    }

    private static IReadOnlyList<string> WantedKinds(Ec2Call call)
    {
        var named = call.Input.Structures("ResourceType").Select(kind => kind.Required("ResourceType")).ToList();
        var isAll = call.Input.Bool("IncludeAllResourceTypes");
        if (!isAll && named.Count == 0)
        {
            throw Ec2Errors.InvalidCombination("Specify IncludeAllResourceTypes or ResourceTypes.");
        }

        return named.Find(kind => !Kinds.Contains(kind)) is { } unknown
                ? throw Ec2Errors.InvalidValue("ResourceType", unknown, $"Expecting one of {string.Join(", ", Kinds)}.")
            : isAll ? Kinds
            : named;
    }

    /// <summary>How many versions of a launch template are looked at, newest first: only a few when nobody says so.</summary>
    private static int Depth(Ec2Call call)
    {
        var options = call.Input.Structures("ResourceType").SelectMany(kind => kind.Structures("ResourceTypeOption"));
        if (options.FirstOrDefault(option => option.String("OptionName") == "version-depth") is not { } depth)
        {
            return DefaultDepth;
        }

        return depth.Strings("OptionValue") is [var text, ..] && int.TryParse(text, out var number) && number is >= 1 and <= MaxDepth
            ? number
            : throw Ec2Errors.InvalidValue($"version-depth must be between 1 and {MaxDepth}.");
    }

    private static IEnumerable<(string ImageId, string Kind, string Arn)> All(Ec2Call call, int depth)
    {
        var instances = call.Region.Instances.Where(instance => !instance.IsGone);
        var templates = call.Region.LaunchTemplates;
        var parameters = call.State.Parameters.List(call.Region.Name);
        return
        [
            .. instances.Select(instance => (instance.Image.Id, "ec2:Instance", call.Arn("instance", instance.Id))),
            .. from template in templates
            from image in template.Versions.TakeLast(depth).Select(version => version.ImageId).OfType<string>().Distinct()
            select (image, "ec2:LaunchTemplate", call.Arn("launch-template", template.Id)),
            .. parameters.Select(parameter =>
                (
                    parameter.ImageId,
                    "ssm:Parameter",
                    $"arn:aws:ssm:{call.Region.Name}:{call.OwnerId}:parameter/{parameter.Name.TrimStart('/')}"
                )
            ),
        ];
    }
}
