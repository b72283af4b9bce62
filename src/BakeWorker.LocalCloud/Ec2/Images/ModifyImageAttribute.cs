using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Account;
using BakeWorker.LocalCloud.Kms;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>ModifyImageAttribute: who may launch an image, its description, its metadata service.</summary>
internal static class ModifyImageAttribute
{
    private const int MaxEntities = 1000;

    public static IEnumerable<XElement> Invoke(Ec2Call call)
    {
        var image = OwnImages.GetFinished(call);
        var input = call.Input;
        var (added, removed) = Permissions(input);
        if (added.Count + removed.Count > 0)
        {
            Share(call, image, added, removed);
        }
        else if (Nested(input, "description", "Description") is { } description)
        {
            image.Description = ImageNames.Description(description);
        }
        else if (Nested(input, "imdsSupport", "ImdsSupport") is { } support)
        {
            image.ImdsSupport =
                support == "v2.0"
                    ? support
                    : throw Ec2Errors.InvalidValue($"Value ({support}) for parameter imdsSupport is invalid. Only v2.0 can be set.");
        }
        else
        {
            throw new CloudException("InvalidParameterCombination", "No attributes specified.");
        }

        image.Changed?.Invoke();
        return True;
    }

    private static void Share(Ec2Call call, Image image, List<LaunchPermission> added, List<LaunchPermission> removed)
    {
        if (added.Count > 0)
        {
            RefuseSharing(call, image, added);
        }

        var wanted = image.Permissions.Union(added).Except(removed).ToList();
        if (wanted.Count > MaxEntities)
        {
            throw new CloudException("AMILaunchPermissionsLimitExceeded", $"An image can be shared with at most {MaxEntities} entities.");
        }

        image.Permissions.Clear();
        image.Permissions.AddRange(wanted);
    }

    private static void RefuseSharing(Ec2Call call, Image image, List<LaunchPermission> added)
    {
        if (image.State == ImageState.Disabled)
        {
            throw new CloudException("InvalidAMIID.Unavailable", $"The image ID '{image.Id}' is disabled: it cannot be shared.");
        }

        if (added.Contains(LaunchPermission.Everybody) && call.Region.PublicAccess.Images != PublicAccess.Unblocked)
        {
            throw new CloudException(
                "OperationNotPermitted",
                $"You can't publicly share this image because block public access for AMIs is enabled ({call.Region.PublicAccess.Images})."
            );
        }

        if (added.Contains(LaunchPermission.Everybody) && image.Devices.Any(device => device.IsEncrypted))
        {
            throw new CloudException("InvalidParameter", "Images with encrypted snapshots can't be shared publicly.");
        }

        if (image.Devices.Any(device => KeyBook.IsEbsOwn(device.KmsKeyId)))
        {
            throw new CloudException(
                "InvalidParameter",
                "Snapshots encrypted with the AWS Managed CMK can't be shared. Specify another snapshot."
            );
        }
    }

    /// <summary>Both forms: lists to add and to remove, and one list with an operation type.</summary>
    private static (List<LaunchPermission> Added, List<LaunchPermission> Removed) Permissions(QueryInput input)
    {
        var change = input.Structure("LaunchPermission");
        var added = change.Structures("Add").Select(LaunchPermission.Read).ToList();
        var removed = change.Structures("Remove").Select(LaunchPermission.Read).ToList();
        LaunchPermission[] flat =
        [
            .. input.Strings("UserId").Select(LaunchPermission.OfUser),
            .. input.Strings("UserGroup").Select(LaunchPermission.OfGroup),
            .. input.Strings("OrganizationArn").Select(LaunchPermission.OfOrganization),
            .. input.Strings("OrganizationalUnitArn").Select(LaunchPermission.OfUnit),
        ];
        if (flat.Length > 0)
        {
            var operation = input.Required("OperationType");
            (
                operation == "add" ? added
                : operation == "remove" ? removed
                : throw UnknownOperation(operation)
            ).AddRange(flat);
        }

        return (added, removed);
    }

    private static CloudException UnknownOperation(string operation) =>
        Ec2Errors.InvalidValue($"Value ({operation}) for parameter operationType is invalid. Expecting add or remove.");

    private static string? Nested(QueryInput input, string attribute, string parameter) =>
        input.String($"{parameter}.Value") ?? (input.String("Attribute") == attribute ? input.String("Value") : null);
}
