using System.Net;
using Amazon.Runtime;
using BakeWorker.Core.Bakes;

namespace BakeWorker.Aws.Errors;

/// <summary>Every AWS error code this worker understands, of all the services it calls. A code that is missing is judged by its HTTP status.</summary>
internal static class AwsErrors
{
    private static readonly AwsError Throttled = new(
        Remedy.Retry,
        FailureCodes.AwsThrottled,
        "the account's request budget is used up: run fewer bakes at once or ask AWS for a higher rate"
    );

    private static readonly AwsError Broken = new(
        Remedy.Retry,
        FailureCodes.AwsUnavailable,
        "the service does not answer properly; the bake is tried again"
    );

    private static readonly AwsError OnItsWay = new(
        Remedy.Wait,
        FailureCodes.AwsUnavailable,
        "the resource is not ready or not visible yet; the bake is tried again"
    );

    private static readonly AwsError Busy = new(Remedy.Wait, FailureCodes.AwsLimit, "too much of it runs at once; the bake is tried again");

    private static readonly AwsError Denied = new(
        Remedy.Operator,
        FailureCodes.AwsDenied,
        "give the worker's role that permission (bakeworker policy iam prints the whole policy)"
    );

    private static readonly AwsError Unfit = new(
        Remedy.Operator,
        FailureCodes.AwsRejected,
        "correct the setting or recipe value that it names"
    );

    private static readonly AwsError Wrong = Unfit with { Remedy = Remedy.Final };

    private static readonly Dictionary<string, AwsError> Table = Build(
        (
            Throttled,
            """
            RequestLimitExceeded Throttling Throttled RequestThrottled TooManyRequests BandwidthLimitExceeded SlowDown
            KmsThrottled RateExceeded
            """
        ),
        (
            Broken,
            """
            InternalError InternalFailure InternalServer InternalServerError ServerInternal ServiceUnavailable Unavailable
            RequestTimeout IDPCommunicationError ConcurrentTagAccess TooManyUpdates
            """
        ),
        (
            new(Remedy.NextRung, FailureCodes.NoCapacity, "the next rung of the capacity ladder is tried"),
            """
            InsufficientInstanceCapacity InsufficientHostCapacity InsufficientVolumeCapacity InsufficientCapacity Unsupported
            InsufficientFreeAddressesInSubnet UnfulfillableCapacity SpotMaxPriceTooLow MaxSpotInstanceCountExceeded
            """
        ),
        (
            OnItsWay,
            """
            IncorrectInstanceState IncorrectState InvalidAMIID.Unavailable IdempotentParameterMismatch
            IdempotentInstanceTerminated DependencyViolation Conflict ConditionalRequestConflict
            """
        ),
        (
            new(
                Remedy.Wait,
                FailureCodes.AwsUnavailable,
                "AWS verifies the account for this Region first, which can take hours; the bake is tried again"
            ),
            "PendingVerification"
        ),
        (
            Busy,
            """
            ConcurrentSnapshotLimitExceeded ConcurrentCreateImageNoRebootLimitExceeded PendingSnapshotLimitExceeded
            ResourceLimitExceeded OverLimit ServiceQuotaExceeded
            """
        ),
        (
            new(
                Remedy.Wait,
                FailureCodes.AgentSilent,
                "SSM knows no agent there: check the instance profile and the way from the subnet to SSM"
            ),
            "InvalidInstanceId"
        ),
        (
            new(Remedy.Operator, FailureCodes.AwsLimit, "ask for a higher quota in Service Quotas, or free some of it"),
            """
            InstanceLimitExceeded VcpuLimitExceeded VolumeLimitExceeded SnapshotLimitExceeded NetworkInterfaceLimitExceeded
            ResourceCountLimitExceeded ParameterLimitExceeded
            """
        ),
        (
            new(Remedy.Operator, FailureCodes.AwsLimit, "remove some of its tags or versions"),
            "TagLimitExceeded TooManyTags ParameterMaxVersionLimitExceeded"
        ),
        (Denied, "UnauthorizedOperation AccessDenied"),
        (
            new(Remedy.Operator, FailureCodes.AwsDenied, "give the recipe the tags that the organization's tag policy asks for"),
            "TagPolicyViolation"
        ),
        (
            new(Remedy.Operator, FailureCodes.AwsDenied, "check the worker's credentials and its clock"),
            """
            AuthFailure RequestExpired InvalidClientTokenId UnrecognizedClient SignatureDoesNotMatch InvalidSignature
            IncompleteSignature ExpiredToken RequestTimeTooSkewed InvalidAccessKeyId MissingAuthenticationToken
            """
        ),
        (
            new(Remedy.Operator, FailureCodes.AwsDenied, "enable the Region or accept the terms for this account"),
            "OptInRequired Blocked SubscriptionRequired KmsOptInRequired"
        ),
        (
            new(
                Remedy.Operator,
                FailureCodes.AwsDenied,
                "check that the KMS key exists and is enabled, and that its policy lets the worker's role use it"
            ),
            """
            CustomerKeyHasBeenRevoked InvalidKmsKeyId KmsAccessDenied KmsDisabled KmsInvalidKeyUsage KmsInvalidState KmsNotFound
            InvalidKeyId Disabled InvalidKeyUsage KMSInvalidState KeyUnavailable
            """
        ),
        (
            new(Remedy.Operator, FailureCodes.AwsRejected, "an account setting or a protection forbids it: lift it, or change the recipe"),
            "OperationNotPermitted InvalidAMIAttributeItemValue"
        ),
        (new(Remedy.Final, FailureCodes.RecipeInvalid, "split the step, or let it download its large parts"), "MaxDocumentSizeExceeded"),
        (
            new(Remedy.Final, FailureCodes.RecipeInvalid, "check the document's name, version, platform and parameters in the recipe"),
            "InvalidDocument InvalidDocumentVersion InvalidParameters UnsupportedPlatformType"
        ),
        (
            new(Remedy.Final, FailureCodes.AwsRejected, "check the queue's name, Region and account in the settings"),
            "QueueDoesNotExist NonExistentQueue AWS.SimpleQueueService.NonExistentQueue"
        ),
        (
            new(Remedy.Final, FailureCodes.AwsRejected, "check the bucket's name and Region (Proof:Bucket, Proof:Region)"),
            "NoSuchBucket PermanentRedirect AuthorizationHeaderMalformed"
        ),
        (
            new(Remedy.Final, FailureCodes.ImageNameTaken, "deregister the other image, or send the request under another id"),
            "InvalidAMIName.Duplicate"
        ),
        (
            Unfit,
            """
            InvalidParameterValue InvalidParameterCombination InvalidAMIName.Malformed FilterLimitExceeded InvalidPaginationToken
            HierarchyLevelLimitExceeded InvalidSecurityGroupID.NotFound InvalidGroup.NotFound InvalidSubnetID.NotFound
            InvalidKeyPair.NotFound
            """
        ),
        (
            Wrong,
            """
            MissingParameter Validation UnsupportedOperation UnknownOperation InvalidAction UnknownParameter DryRunOperation
            DuplicateInstanceId BatchRequestTooLong
            """
        )
    );

    /// <summary>The error's code without what differs between protocols: a namespace before it, <c>Exception</c> after it.</summary>
    public static string CodeOf(AmazonServiceException exception)
    {
        var code = exception.ErrorCode ?? "";
        code = code[(code.LastIndexOf('#') + 1)..].Split(':')[0];
        return code.EndsWith("Exception", StringComparison.Ordinal) ? code[..^"Exception".Length] : code;
    }

    public static AwsError Find(AmazonServiceException exception) => Find(CodeOf(exception), exception.StatusCode);

    public static AwsError Find(string code, HttpStatusCode status) =>
        Table.TryGetValue(code, out var error) ? error
        : code.StartsWith("Throttl", StringComparison.Ordinal) ? Throttled
        : code.EndsWith(".NotFound", StringComparison.Ordinal) ? OnItsWay
        : code.StartsWith("Invalid", StringComparison.Ordinal) ? Unfit
        : (int)status switch
        {
            429 => Throttled,
            401 or 403 => Denied,
            402 => Busy,
            >= 400 and < 500 => Wrong,
            _ => Broken,
        };

    private static Dictionary<string, AwsError> Build(params (AwsError Error, string Codes)[] rows) =>
        rows.SelectMany(row =>
                row.Codes.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(code => (code, row.Error))
            )
            .ToDictionary(pair => pair.code, pair => pair.Error);
}
