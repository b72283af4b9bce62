using BakeWorker.Core.Bakes;

namespace BakeWorker.Aws.Errors;

/// <summary>Tells a permission that is missing from everything else that AWS refuses.</summary>
public static class AwsDenials
{
    public static bool IsMissingPermission(this BakeFailedException failure) => failure.Is("UnauthorizedOperation", "AccessDenied");
}
