using BakeWorker.LocalCloud.Ec2.Images;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>The image that a launch names, by id or through a parameter, if it can be launched.</summary>
internal static class LaunchableImages
{
    private const string ThroughParameter = "resolve:ssm:";

    public static Image Get(Ec2Call call, string name)
    {
        var id = name.StartsWith(ThroughParameter, StringComparison.Ordinal) ? Resolve(call, name[ThroughParameter.Length..]) : name;
        var image = call.Region.Images.Get(id);
        if (!image.IsLaunchableBy(call.OwnerId))
        {
            throw call.Region.Images.NotFound(id);
        }

        return image.State == ImageState.Available
            ? image
            : throw new CloudException("InvalidAMIID.Unavailable", $"The image ID '{id}' is not available: it is {image.State.Word()}");
    }

    private static string Resolve(Ec2Call call, string parameter) =>
        call.State.Parameters.Find(call.Region.Name, parameter)
        ?? throw Ec2Errors.InvalidValue($"The SSM parameter '{parameter}' does not exist.");
}
