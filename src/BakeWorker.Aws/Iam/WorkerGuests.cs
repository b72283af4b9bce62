using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Iam;

/// <summary>The worker's statements about what happens in guests: commands, and what Inspector sees.</summary>
internal static class WorkerGuests
{
    private static readonly string[] ScriptRunners = ["AWS-RunPowerShellScript", "AWS-RunShellScript"];

    public static IEnumerable<IamStatement> Statements(IamScope scope) =>
        [
            new("RunThese", ["ssm:SendCommand"])
            {
                Resources =
                [
                    .. ScriptRunners.Concat(scope.Documents).Distinct().Order(StringComparer.Ordinal).Select(name => Document(scope, name)),
                ],
            },
            new("RunOnOurs", ["ssm:SendCommand"])
            {
                Resources = [scope.Arn("ec2", "instance/*")],
                Conditions = [new("StringLike", $"ssm:resourceTag/{ResourceTags.BakeId}", ["bake-*"])],
            },
            new(
                "FollowCommands",
                ["ssm:DescribeInstanceInformation", "ssm:GetCommandInvocation", "ssm:ListCommandInvocations", "ssm:ListCommands"]
            ),
            new(
                "Scan",
                [
                    "inspector2:BatchGetAccountStatus",
                    "inspector2:GetOnDemandScanStatus",
                    "inspector2:ListCoverage",
                    "inspector2:ListFindings",
                    "inspector2:ListOnDemandScans",
                    "inspector2:StartOnDemandScan",
                ]
            ),
        ];

    // AWS's own documents name no account.
    private static string Document(IamScope scope, string name) =>
        name.StartsWith("AWS", StringComparison.Ordinal) ? $"arn:aws:ssm:*::document/{name}" : scope.Arn("ssm", $"document/{name}");
}
