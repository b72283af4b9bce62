namespace BakeWorker.Aws.Iam;

/// <summary>The worker's statements about what is written down: parameters, messages, proofs.</summary>
internal static class WorkerRecords
{
    private static readonly string[] Published = ["/aws/service/*"];

    public static IEnumerable<IamStatement> Statements(IamScope scope) =>
        [
            new("ReadBases", ["ssm:GetParameters"])
            {
                Resources = [.. Published.Concat(scope.Bases).Distinct().Select(name => $"arn:aws:ssm:*:*:parameter{name}")],
            },
            new(
                "Point",
                ["ssm:AddTagsToResource", "ssm:DeleteParameter", "ssm:GetParameterHistory", "ssm:GetParameters", "ssm:PutParameter"]
            )
            {
                Resources = Parameters(scope, scope.Pointers),
            },
            new("KeepSchedules", ["ssm:AddTagsToResource", "ssm:GetParameters", "ssm:PutParameter"])
            {
                Resources = [scope.Arn("ssm", $"parameter{scope.Schedules}/*")],
            },
            new(
                "TakeAndAnswer",
                [
                    "sqs:ChangeMessageVisibility",
                    "sqs:DeleteMessage",
                    "sqs:GetQueueAttributes",
                    "sqs:GetQueueUrl",
                    "sqs:ReceiveMessage",
                    "sqs:SendMessage",
                ]
            )
            {
                Resources = scope.Queues.Count == 0 ? [scope.Arn("sqs", "*")] : [.. scope.Queues.Select(queue => scope.Arn("sqs", queue))],
            },
            new("KeepProofs", ["s3:PutObject"]) { Resources = [$"arn:aws:s3:::{Bucket(scope)}/{scope.ProofPrefix}*"] },
            new("Sign", ["kms:Sign"]) { Resources = [Key(scope)], Conditions = KeyConditions(scope) },
            .. ReadProofs(scope),
        ];

    /// <summary>What a check of a proof needs.</summary>
    public static IEnumerable<IamStatement> ReadProofs(IamScope scope) =>
        [
            new("ReadProofs", ["s3:GetObject"]) { Resources = [$"arn:aws:s3:::{Bucket(scope)}/{scope.ProofPrefix}*"] },
            new("MissProofs", ["s3:ListBucket"]) { Resources = [$"arn:aws:s3:::{Bucket(scope)}"] },
            new("KnowTheKey", ["kms:GetPublicKey"]) { Resources = [Key(scope)], Conditions = KeyConditions(scope) },
        ];

    public static IReadOnlyList<string> Parameters(IamScope scope, IReadOnlyList<string> names) =>
        names.Count == 0 ? [scope.Arn("ssm", "parameter/*")] : [.. names.Select(name => scope.Arn("ssm", $"parameter{name}"))];

    private static string Bucket(IamScope scope) => scope.ProofBucket.Length == 0 ? "*" : scope.ProofBucket;

    private static string Key(IamScope scope) =>
        scope.ProofKey switch
        {
            "" => scope.Arn("kms", "key/*"),
            var key when key.StartsWith("arn:aws:kms:", StringComparison.Ordinal) && key.Contains(":key/") => key,
            var key when key.Contains("alias/") => scope.Arn("kms", "key/*"),
            var key => scope.Arn("kms", $"key/{key}"),
        };

    // A policy cannot name a key by its alias, but it can ask for it.
    private static IReadOnlyList<IamCondition> KeyConditions(IamScope scope) =>
        scope.ProofKey.IndexOf("alias/", StringComparison.Ordinal) is >= 0 and var at
            ? [new("ForAnyValue:StringEquals", "kms:ResourceAliases", [scope.ProofKey[at..]])]
            : [];
}
