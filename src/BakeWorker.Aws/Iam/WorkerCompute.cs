using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Iam;

/// <summary>The worker's statements about EC2: instances, images, snapshots, and the keys of their disks.</summary>
internal static class WorkerCompute
{
    private static readonly string[] Made = ["instance/*", "volume/*", "network-interface/*", "spot-instances-request/*"];
    private static readonly string[] Used = ["subnet/*", "security-group/*"];
    private static readonly string[] Images = ["image/*", "snapshot/*"];

    public static IEnumerable<IamStatement> Statements(IamScope scope) =>
        [.. Looking(scope), .. Launching(scope), .. Imaging(scope), .. Keys(scope)];

    // EC2 lets no condition on a resource limit what is described.
    private static IEnumerable<IamStatement> Looking(IamScope scope) =>
        [
            new(
                "Look",
                [
                    "ec2:DescribeImageAttribute",
                    "ec2:DescribeImageReferences",
                    "ec2:DescribeImages",
                    "ec2:DescribeImageUsageReportEntries",
                    "ec2:DescribeImageUsageReports",
                    "ec2:DescribeInstances",
                    "ec2:DescribeInstanceStatus",
                    "ec2:DescribeLaunchTemplates",
                    "ec2:DescribeLaunchTemplateVersions",
                    "ec2:DescribeSnapshotAttribute",
                    "ec2:DescribeSnapshots",
                    "ec2:GetEbsDefaultKmsKeyId",
                    "ec2:GetEbsEncryptionByDefault",
                    "ec2:GetImageBlockPublicAccessState",
                    "ec2:GetImageFindings",
                    "ec2:GetSnapshotBlockPublicAccessState",
                ]
            ),
        ];

    private static IEnumerable<IamStatement> Launching(IamScope scope) =>
        [
            new("LaunchMarked", ["ec2:RunInstances"]) { Resources = Arns(scope, Made), Conditions = IamConditions.MadeAsOurs },
            new("LaunchFrom", ["ec2:RunInstances"])
            {
                Resources = [.. Arns(scope, Used), "arn:aws:ec2:*::image/*", "arn:aws:ec2:*::snapshot/*"],
            },
            new("MarkAtBirth", ["ec2:CreateTags"])
            {
                Resources = [.. Arns(scope, Made), "arn:aws:ec2:*::image/*", "arn:aws:ec2:*::snapshot/*"],
                Conditions = [new("StringEquals", "ec2:CreateAction", ["RunInstances", "CreateImage", "CopyImage"])],
            },
            new("MarkOurs", ["ec2:CreateTags"])
            {
                Resources = [scope.Arn("ec2", "instance/*"), "arn:aws:ec2:*::image/*", "arn:aws:ec2:*::snapshot/*"],
                Conditions =
                [
                    .. IamConditions.OnOurs,
                    new("ForAllValues:StringLike", "aws:TagKeys", [$"{ResourceTags.Prefix}*"]),
                    // What a bake is found by must not be taken over by another.
                    new("Null", $"aws:RequestTag/{ResourceTags.BakeId}", ["true"]),
                ],
            },
            new(
                "EndOurs",
                [
                    "ec2:TerminateInstances",
                    "ec2:CancelSpotInstanceRequests",
                    "ec2:GetConsoleOutput",
                    "ec2:GetConsoleScreenshot",
                    "ec2:ModifyInstanceAttribute",
                ]
            )
            {
                Resources = Arns(scope, ["instance/*", "spot-instances-request/*"]),
                Conditions = IamConditions.OnOurs,
            },
            new("PassProfile", ["iam:PassRole"])
            {
                Resources = [$"arn:aws:iam::{scope.Account}:role/{(scope.ProfileRole.Length == 0 ? "*" : scope.ProfileRole)}"],
                Conditions = [new("StringEquals", "iam:PassedToService", ["ec2.amazonaws.com"])],
            },
        ];

    private static IEnumerable<IamStatement> Imaging(IamScope scope) =>
        [
            new("CaptureOurs", ["ec2:CreateImage"]) { Resources = [scope.Arn("ec2", "instance/*")], Conditions = IamConditions.OnOurs },
            new("CopyOurs", ["ec2:CopyImage"]) { Resources = Of(Images), Conditions = IamConditions.OnOurs },
            new("MakeMarked", ["ec2:CreateImage", "ec2:CopyImage"]) { Resources = Of(Images), Conditions = IamConditions.MadeAsOurs },
            new(
                "ChangeOurs",
                [
                    "ec2:CreateImageUsageReport",
                    "ec2:DeleteSnapshot",
                    "ec2:DeleteTags",
                    "ec2:DeregisterImage",
                    "ec2:DisableImage",
                    "ec2:EnableImageDeprecation",
                    "ec2:ModifyImageAttribute",
                    "ec2:ModifySnapshotAttribute",
                ]
            )
            {
                Resources = Of(Images),
                Conditions = IamConditions.OnOurs,
            },
            // Those who made the templates tagged them as they liked.
            new("SwitchTemplates", ["ec2:CreateLaunchTemplateVersion", "ec2:DeleteLaunchTemplateVersions", "ec2:ModifyLaunchTemplate"])
            {
                Resources = [scope.Arn("ec2", "launch-template/*")],
            },
        ];

    // The keys themselves say who may use them, so the worker may by way of EC2 whichever lets it.
    private static IEnumerable<IamStatement> Keys(IamScope scope)
    {
        IReadOnlyList<string> services =
            scope.Regions.Count == 0 ? ["ec2.*.amazonaws.com"] : [.. scope.Regions.Select(region => $"ec2.{region}.amazonaws.com")];
        var viaEc2 = new IamCondition("StringLike", "kms:ViaService", services);
        return
        [
            new(
                "UseKeysOfDisks",
                ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
            )
            {
                Resources = [scope.Arn("kms", "key/*")],
                Conditions = [viaEc2],
            },
            new("LookAtKeys", ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListGrants"]) { Resources = [scope.Arn("kms", "key/*")] },
            new("LetDisksUseKeys", ["kms:CreateGrant"])
            {
                Resources = [scope.Arn("kms", "key/*")],
                Conditions = [viaEc2, new("Bool", "kms:GrantIsForAWSResource", ["true"])],
            },
        ];
    }

    private static IReadOnlyList<string> Arns(IamScope scope, IEnumerable<string> resources) =>
        [.. resources.Select(resource => scope.Arn("ec2", resource))];

    // ARNs of images and snapshots name no account.
    private static IReadOnlyList<string> Of(IEnumerable<string> resources) =>
        [.. resources.Select(resource => $"arn:aws:ec2:*::{resource}")];
}
