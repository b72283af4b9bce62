using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>Finds the image that a call wants to change: it must be the caller's own.</summary>
internal static class OwnImages
{
    public static Image Get(Ec2Call call)
    {
        var image = GetVisible(call);
        return image.OwnerId == call.OwnerId ? image : throw Ec2Errors.NotAuthorized("image", image.Id);
    }

    /// <summary>The image if the caller may see it.</summary>
    public static Image GetVisible(Ec2Call call)
    {
        var image = call.Region.Images.Get(call.Input.Required("ImageId"));
        return image.IsLaunchableBy(call.OwnerId) && image.VisibleFrom <= call.Now ? image : throw call.Region.Images.NotFound(image.Id);
    }

    /// <summary>The caller's own image, once it is no longer pending and has not failed.</summary>
    public static Image GetFinished(Ec2Call call)
    {
        var image = Get(call);
        return image.State is ImageState.Available or ImageState.Disabled
            ? image
            : throw new CloudException(
                "InvalidAMIID.Unavailable",
                $"The image ID '{image.Id}' is not available: it is {image.State.Word()}"
            );
    }
}
