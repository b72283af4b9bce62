using System.Globalization;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using Ec2Image = Amazon.EC2.Model.Image;
using StateReason = Amazon.EC2.Model.StateReason;

namespace BakeWorker.Aws.Ec2;

/// <summary>EC2's images in the domain's words.</summary>
internal static class ImageViews
{
    public static Image From(Ec2Image image, string region) =>
        new(new ImageId(image.ImageId), State(image.State?.Value))
        {
            Name = image.Name ?? "",
            Region = region,
            Reason = Reason(image.StateReason),
            MadeOf = string.IsNullOrEmpty(image.SourceImageId) ? null : new ImageId(image.SourceImageId),
            CreatedAt = Time(image.CreationDate),
            DeprecatedAt = Time(image.DeprecationTime),
            LaunchedAt = Time(image.LastLaunchedTime),
            Protection = image.DeregistrationProtection is null or "" or "disabled" ? null : image.DeregistrationProtection,
            Snapshots = [.. (image.BlockDeviceMappings ?? []).Select(mapping => mapping.Ebs?.SnapshotId).OfType<string>()],
            RootDeviceName = image.RootDeviceName ?? "/dev/xvda",
            ImdsV2 = image.ImdsSupport?.Value == "v2.0",
            Tags = Ec2Tags.ToDictionary(image.Tags),
        };

    public static BaseImage ToBase(Ec2Image image) =>
        new(new ImageId(image.ImageId))
        {
            Name = image.Name ?? "",
            OwnerId = image.OwnerId ?? "",
            OwnerAlias = image.ImageOwnerAlias,
            Architecture = Architecture(image),
            State = image.State?.Value ?? "unknown",
            RootDeviceName = image.RootDeviceName ?? "",
            RootDeviceType = image.RootDeviceType?.Value ?? "unknown",
            Virtualization = image.VirtualizationType?.Value ?? "unknown",
            CreatedAt = Time(image.CreationDate),
            DeprecatedAt = Time(image.DeprecationTime),
            ProductCodes = [.. (image.ProductCodes ?? []).Select(code => code.ProductCodeId)],
            Tags = Ec2Tags.ToDictionary(image.Tags),
            IsWindows = string.Equals(image.Platform?.Value, "windows", StringComparison.OrdinalIgnoreCase),
        };

    public static string Wire(Architecture architecture) => architecture == Core.Recipes.Architecture.Arm64 ? "arm64" : "x86_64";

    // The message mostly begins with the code, and a code without a message says little.
    private static string? Reason(StateReason? reason) =>
        reason is null ? null
        : reason.Message?.StartsWith(reason.Code, StringComparison.Ordinal) == true ? reason.Message
        : $"{reason.Code}: {reason.Message}";

    private static ImageState State(string? state) =>
        state switch
        {
            "pending" or "transient" => ImageState.Pending,
            "available" => ImageState.Available,
            "disabled" => ImageState.Disabled,
            _ => ImageState.Failed,
        };

    private static Architecture Architecture(Ec2Image image) =>
        image.Architecture?.Value switch
        {
            "x86_64" => Core.Recipes.Architecture.X86_64,
            "arm64" => Core.Recipes.Architecture.Arm64,
            var other => throw new BakeFailedException(
                FailureKind.Invalid,
                FailureCodes.BaseUnsuitable,
                $"{image.ImageId} is made for {other ?? "an unknown architecture"}; name a base for x86_64 or arm64."
            ),
        };

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
