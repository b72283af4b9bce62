namespace BakeWorker.LocalCloud.Ec2.Images;

internal enum ImageState
{
    Pending,
    Available,
    Disabled,
    Failed,
}

internal static class ImageStateWords
{
    public static string Word(this ImageState state) =>
        state switch
        {
            ImageState.Pending => "pending",
            ImageState.Available => "available",
            ImageState.Disabled => "disabled",
            _ => "failed",
        };
}
