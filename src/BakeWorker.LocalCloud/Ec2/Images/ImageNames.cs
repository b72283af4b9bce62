using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>The rules for an image's name and description.</summary>
internal static partial class ImageNames
{
    private const int MaxDescription = 255;

    /// <summary>The call's Name, well-formed and free.</summary>
    public static string Read(Ec2Call call)
    {
        var name = call.Input.Required("Name");
        if (!NamePattern().IsMatch(name))
        {
            throw new CloudException(
                "InvalidAMIName.Malformed",
                "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, "
                    + "'(', ')', '[', ']', ' ', '.', '/', '-', ''', '@' and '_'"
            );
        }

        return call.Region.Images.FirstOrDefault(image => image.Name == name && image.OwnerId == call.OwnerId) is { } holder
            ? throw new CloudException("InvalidAMIName.Duplicate", $"AMI name {name} is already in use by AMI {holder.Id}")
            : name;
    }

    public static string Description(string? text) =>
        text is null ? ""
        : text.Length <= MaxDescription ? text
        : throw Ec2Errors.InvalidValue($"Value ({text}) for parameter description is invalid. At most {MaxDescription} characters.");

    [GeneratedRegex(@"^[a-zA-Z0-9()\[\] ./\-'@_]{3,128}\z", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
