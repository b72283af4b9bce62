using BakeWorker.LocalCloud.Ec2.Account;
using BakeWorker.LocalCloud.Ec2.Disks;
using BakeWorker.LocalCloud.Ec2.Images;
using BakeWorker.LocalCloud.Ec2.Instances;
using BakeWorker.LocalCloud.Ec2.LaunchTemplates;
using BakeWorker.LocalCloud.Ec2.Networking;
using BakeWorker.LocalCloud.Ec2.Tagging;

namespace BakeWorker.LocalCloud.Ec2;

/// <summary>Everything that this EC2 can do, by the name of the action.</summary>
internal static class Ec2Actions
{
    public static IReadOnlyDictionary<string, Ec2Action> All { get; } =
        new Dictionary<string, Ec2Action>
        {
            ["RunInstances"] = RunInstances.Invoke,
            ["DescribeInstances"] = DescribeInstances.Invoke,
            ["DescribeInstanceStatus"] = InstanceStatuses.Describe,
            ["StartInstances"] = InstanceActions.Start,
            ["StopInstances"] = InstanceActions.Stop,
            ["RebootInstances"] = InstanceActions.Reboot,
            ["TerminateInstances"] = InstanceActions.Terminate,
            ["CancelSpotInstanceRequests"] = SpotRequests.Cancel,
            ["DescribeInstanceAttribute"] = InstanceAttributes.Describe,
            ["ModifyInstanceAttribute"] = InstanceAttributes.Modify,
            ["DescribeInstanceTypes"] = DescribeInstanceTypes.Types,
            ["DescribeInstanceTypeOfferings"] = DescribeInstanceTypes.Offerings,
            // Images
            ["CreateImage"] = CreateImage.Invoke,
            ["CopyImage"] = CopyImage.Invoke,
            ["RegisterImage"] = RegisterImage.Invoke,
            ["DeregisterImage"] = DeregisterImage.Invoke,
            ["DescribeImages"] = DescribeImages.Invoke,
            ["DescribeImageAttribute"] = ImageAttributes.Describe,
            ["ResetImageAttribute"] = ImageAttributes.Reset,
            ["ModifyImageAttribute"] = ModifyImageAttribute.Invoke,
            ["EnableImageDeprecation"] = ImageRetirement.Deprecate,
            ["DisableImageDeprecation"] = ImageRetirement.Undeprecate,
            ["DisableImage"] = ImageRetirement.Disable,
            ["EnableImage"] = ImageRetirement.Enable,
            ["EnableImageDeregistrationProtection"] = ImageRetirement.Protect,
            ["DisableImageDeregistrationProtection"] = ImageRetirement.Unprotect,
            ["DescribeImageReferences"] = ImageReferences.Describe,
            ["GetImageFindings"] = ImageFindings.Get,
            ["CreateImageUsageReport"] = UsageReports.Create,
            ["DescribeImageUsageReports"] = UsageReports.Describe,
            ["DescribeImageUsageReportEntries"] = UsageReports.DescribeEntries,
            ["DeleteImageUsageReport"] = UsageReports.Delete,
            // Disks
            ["DescribeVolumes"] = DescribeDisks.Volumes,
            ["DescribeSnapshots"] = DescribeDisks.Snapshots,
            ["DeleteSnapshot"] = SnapshotActions.Delete,
            ["ModifySnapshotAttribute"] = SnapshotActions.Modify,
            ["DescribeSnapshotAttribute"] = SnapshotActions.DescribeAttribute,
            // Tags
            ["CreateTags"] = TagActions.Create,
            ["DeleteTags"] = TagActions.Delete,
            ["DescribeTags"] = TagActions.Describe,
            // Networks
            ["DescribeVpcs"] = DescribeNetworks.Vpcs,
            ["DescribeSubnets"] = DescribeNetworks.Subnets,
            ["DescribeRouteTables"] = DescribeNetworks.RouteTables,
            ["DescribeVpcEndpoints"] = VpcEndpoints.Describe,
            ["DeleteVpcEndpoints"] = VpcEndpoints.Delete,
            ["DescribeNetworkInterfaces"] = DescribeInterfaces.Invoke,
            ["DescribeSecurityGroups"] = SecurityGroups.Describe,
            ["CreateSecurityGroup"] = SecurityGroups.Create,
            ["DeleteSecurityGroup"] = SecurityGroups.Delete,
            ["AuthorizeSecurityGroupIngress"] = SecurityRules.Authorize(isEgress: false),
            ["AuthorizeSecurityGroupEgress"] = SecurityRules.Authorize(isEgress: true),
            ["RevokeSecurityGroupIngress"] = SecurityRules.Revoke(isEgress: false),
            ["RevokeSecurityGroupEgress"] = SecurityRules.Revoke(isEgress: true),
            ["CreateKeyPair"] = KeyPairs.Create,
            ["ImportKeyPair"] = KeyPairs.Import,
            ["DeleteKeyPair"] = KeyPairs.Delete,
            ["DescribeKeyPairs"] = KeyPairs.Describe,
            // Launch templates
            ["CreateLaunchTemplate"] = TemplateActions.Create,
            ["CreateLaunchTemplateVersion"] = TemplateActions.CreateVersion,
            ["ModifyLaunchTemplate"] = TemplateActions.Modify,
            ["DeleteLaunchTemplate"] = TemplateActions.Delete,
            ["DeleteLaunchTemplateVersions"] = TemplateActions.DeleteVersions,
            ["DescribeLaunchTemplates"] = DescribeTemplates.Templates,
            ["DescribeLaunchTemplateVersions"] = DescribeTemplates.Versions,
            // The account and its places
            ["DescribeRegions"] = Places.Regions,
            ["DescribeAvailabilityZones"] = Places.Zones,
            ["DescribeAccountAttributes"] = AccountSettings.Attributes,
            ["GetImageBlockPublicAccessState"] = PublicAccess.OfImages,
            ["EnableImageBlockPublicAccess"] = PublicAccess.BlockImages,
            ["DisableImageBlockPublicAccess"] = PublicAccess.UnblockImages,
            ["GetSnapshotBlockPublicAccessState"] = PublicAccess.OfSnapshots,
            ["EnableSnapshotBlockPublicAccess"] = PublicAccess.BlockSnapshots,
            ["DisableSnapshotBlockPublicAccess"] = PublicAccess.UnblockSnapshots,
            ["GetEbsEncryptionByDefault"] = DiskEncryption.State,
            ["EnableEbsEncryptionByDefault"] = DiskEncryption.Enable,
            ["DisableEbsEncryptionByDefault"] = DiskEncryption.Disable,
            ["GetEbsDefaultKmsKeyId"] = DiskEncryption.Key,
            ["ModifyEbsDefaultKmsKeyId"] = DiskEncryption.SetKey,
        };

    /// <summary>These look at their parameters before they end a dry run; the others end it at once.</summary>
    public static IReadOnlySet<string> EndDryRunsThemselves { get; } =
        new HashSet<string> { "RunInstances", "CreateImage", "CopyImage", "RegisterImage" };
}
