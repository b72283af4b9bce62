namespace BakeWorker.Aws.Iam;

/// <summary>The policies of those who work with images: the worker, the machines it launches, and those who only look.</summary>
public static class IamPolicies
{
    private static readonly string[] Looks = ["BatchGet", "Describe", "Get", "List"];

    /// <summary>What a worker may do. A new call of the program gets its place here; a test says which is missing, or not needed any more.</summary>
    public static IamPolicy Worker(IamScope scope) =>
        Ending(scope, [.. WorkerCompute.Statements(scope), .. WorkerGuests.Statements(scope), .. WorkerRecords.Statements(scope)]);

    /// <summary>One half of the worker's, because a managed policy takes less than an inline one: machines, images and keys of disks.</summary>
    public static IamPolicy WorkersMachines(IamScope scope) => Ending(scope, [.. WorkerCompute.Statements(scope)]);

    /// <summary>The other half: commands, scans, messages, parameters and proofs.</summary>
    public static IamPolicy WorkersRecords(IamScope scope) =>
        Ending(scope, [.. WorkerGuests.Statements(scope), .. WorkerRecords.Statements(scope)]);

    /// <summary>
    /// What the SSM agent of a builder or tester needs to register, to take commands, and to carry out the associations by which Inspector learns
    /// what is installed: AmazonSSMManagedInstanceCore without its leave to read every parameter. Nothing of the bakery's own: steps must not reach
    /// keys, proofs, queues or tags.
    /// </summary>
    public static IamPolicy Builder(IamScope scope) =>
        new([
            new IamStatement(
                "RegisterAndTakeCommands",
                [
                    "ssm:UpdateInstanceInformation",
                    "ssmmessages:CreateControlChannel",
                    "ssmmessages:CreateDataChannel",
                    "ssmmessages:OpenControlChannel",
                    "ssmmessages:OpenDataChannel",
                    "ec2messages:AcknowledgeMessage",
                    "ec2messages:DeleteMessage",
                    "ec2messages:FailMessage",
                    "ec2messages:GetEndpoint",
                    "ec2messages:GetMessages",
                    "ec2messages:SendReply",
                ]
            ),
            new(
                "CarryOutAssociations",
                [
                    "ssm:DescribeAssociation",
                    "ssm:DescribeDocument",
                    "ssm:GetDeployablePatchSnapshotForInstance",
                    "ssm:GetDocument",
                    "ssm:GetManifest",
                    "ssm:ListAssociations",
                    "ssm:ListInstanceAssociations",
                    "ssm:PutComplianceItems",
                    "ssm:PutConfigurePackageResult",
                    "ssm:PutInventory",
                    "ssm:UpdateAssociationStatus",
                    "ssm:UpdateInstanceAssociationStatus",
                ]
            ),
            .. IamConditions.OnlyIn(scope, "ec2messages", "ssm", "ssmmessages"),
        ]);

    /// <summary>
    /// What <c>doctor</c> needs: whatever of the worker's is only to look, and its networks. It launches nothing, so whether the worker may, the
    /// worker's own role alone can tell.
    /// </summary>
    public static IamPolicy Doctor(IamScope scope) =>
        new([
            new(
                "LookAtNetworks",
                ["ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcEndpoints"]
            ),
            .. Worker(scope)
                .Statements.Where(statement => !statement.IsDenial)
                .Select(statement => statement with { Actions = [.. statement.Actions.Where(IsOnlyToLook)] })
                .Where(statement => statement.Actions.Count > 0),
            .. IamConditions.OnlyIn(scope, "ec2", "inspector2", "kms", "sqs", "ssm"),
        ]);

    /// <summary>What <c>status</c> and <c>verify</c> need.</summary>
    public static IamPolicy Reader(IamScope scope)
    {
        List<IamStatement> statements =
        [
            new("SeeBakes", ["ec2:DescribeImages", "ec2:DescribeInstances"]),
            new("SeePointers", ["ssm:GetParameters"]) { Resources = WorkerRecords.Parameters(scope, scope.Pointers) },
            .. WorkerRecords.ReadProofs(scope),
            .. IamConditions.OnlyIn(scope, "ec2", "kms", "ssm"),
        ];
        return new IamPolicy(statements);
    }

    private static IamPolicy Ending(IamScope scope, IReadOnlyList<IamStatement> statements) =>
        new([.. statements, .. IamConditions.OnlyIn(scope, "ec2", "inspector2", "kms", "sqs", "ssm")]);

    private static bool IsOnlyToLook(string action) =>
        Array.Exists(Looks, look => action.Split(':')[1].StartsWith(look, StringComparison.Ordinal));
}
