using System.Net;
using Amazon.EC2;
using Amazon.Runtime;
using BakeWorker.Aws.Errors;
using BakeWorker.Core.Bakes;

namespace BakeWorker.Aws.Tests.Errors;

public sealed class AwsErrorsTests
{
    [Theory]
    [InlineData("RequestLimitExceeded", 503, nameof(Remedy.Retry), FailureCodes.AwsThrottled)]
    [InlineData("ThrottlingException", 400, nameof(Remedy.Retry), FailureCodes.AwsThrottled)]
    [InlineData("InternalError", 500, nameof(Remedy.Retry), FailureCodes.AwsUnavailable)]
    [InlineData("NeverSeenBefore", 503, nameof(Remedy.Retry), FailureCodes.AwsUnavailable)]
    [InlineData("NeverSeenBefore", 429, nameof(Remedy.Retry), FailureCodes.AwsThrottled)]
    [InlineData("InsufficientInstanceCapacity", 500, nameof(Remedy.NextRung), FailureCodes.NoCapacity)]
    [InlineData("Unsupported", 400, nameof(Remedy.NextRung), FailureCodes.NoCapacity)]
    [InlineData("MaxSpotInstanceCountExceeded", 400, nameof(Remedy.NextRung), FailureCodes.NoCapacity)]
    [InlineData("IncorrectInstanceState", 400, nameof(Remedy.Wait), FailureCodes.AwsUnavailable)]
    [InlineData("InvalidInstanceID.NotFound", 400, nameof(Remedy.Wait), FailureCodes.AwsUnavailable)]
    [InlineData("InvalidSubnetID.NotFound", 400, nameof(Remedy.Operator), FailureCodes.AwsRejected)]
    [InlineData("ResourceLimitExceeded", 400, nameof(Remedy.Wait), FailureCodes.AwsLimit)]
    [InlineData("VcpuLimitExceeded", 400, nameof(Remedy.Operator), FailureCodes.AwsLimit)]
    [InlineData("UnauthorizedOperation", 403, nameof(Remedy.Operator), FailureCodes.AwsDenied)]
    [InlineData("AccessDeniedException", 400, nameof(Remedy.Operator), FailureCodes.AwsDenied)]
    [InlineData("NeverSeenBefore", 403, nameof(Remedy.Operator), FailureCodes.AwsDenied)]
    [InlineData("InvalidSomethingNew", 400, nameof(Remedy.Operator), FailureCodes.AwsRejected)]
    [InlineData("com.amazonaws.ssm#MaxDocumentSizeExceeded", 400, nameof(Remedy.Final), FailureCodes.RecipeInvalid)]
    [InlineData("SpotMaxPriceTooLow", 400, nameof(Remedy.NextRung), FailureCodes.NoCapacity)]
    [InlineData("InsufficientFreeAddressesInSubnet", 400, nameof(Remedy.NextRung), FailureCodes.NoCapacity)]
    [InlineData("BandwidthLimitExceeded", 503, nameof(Remedy.Retry), FailureCodes.AwsThrottled)]
    [InlineData("ConcurrentSnapshotLimitExceeded", 400, nameof(Remedy.Wait), FailureCodes.AwsLimit)]
    [InlineData("PendingVerification", 400, nameof(Remedy.Wait), FailureCodes.AwsUnavailable)]
    [InlineData("ConflictException", 409, nameof(Remedy.Wait), FailureCodes.AwsUnavailable)]
    [InlineData("CustomerKeyHasBeenRevoked", 400, nameof(Remedy.Operator), FailureCodes.AwsDenied)]
    [InlineData("RequestExpired", 400, nameof(Remedy.Operator), FailureCodes.AwsDenied)]
    [InlineData("OptInRequired", 401, nameof(Remedy.Operator), FailureCodes.AwsDenied)]
    [InlineData("TagPolicyViolation", 403, nameof(Remedy.Operator), FailureCodes.AwsDenied)]
    [InlineData("InvalidAMIName.Malformed", 400, nameof(Remedy.Operator), FailureCodes.AwsRejected)]
    [InlineData("FilterLimitExceeded", 400, nameof(Remedy.Operator), FailureCodes.AwsRejected)]
    [InlineData("InvalidPaginationToken", 400, nameof(Remedy.Operator), FailureCodes.AwsRejected)]
    [InlineData("DryRunOperation", 412, nameof(Remedy.Final), FailureCodes.AwsRejected)]
    [InlineData("InvalidAMIName.Duplicate", 400, nameof(Remedy.Final), FailureCodes.ImageNameTaken)]
    public void Find_Code_IsClassified(string code, int status, string remedy, string failureCode)
    {
        var error = AwsErrors.Find(Exception(code, "message", status));

        error.Remedy.ToString().Should().Be(remedy);
        error.FailureCode.Should().Be(failureCode);
    }

    [Fact]
    public void Translate_Refusal_SaysWhatFailedAndWhatToDo()
    {
        var failure = AwsFailures.Translate(
            "ec2:RunInstances",
            Exception("VcpuLimitExceeded", "You have requested more vCPU capacity.", 400),
            default
        );

        failure.Kind.Should().Be(FailureKind.Failed);
        failure
            .Message.Should()
            .Be(
                "ec2:RunInstances answered VcpuLimitExceeded: You have requested more vCPU capacity; ask for a higher quota in Service Quotas, or free some of it."
            );
        failure.Evidence.Should().Be("AWS request id req-1");
        failure.Is("VcpuLimitExceeded").Should().BeTrue();
    }

    [Theory]
    [InlineData("You are not authorized to perform this operation. Encoded authorization failure message: AbCdEf", "ec2:RunInstances")]
    [InlineData("User: arn:aws:sts::1:assumed-role/w/i is not authorized to perform: iam:PassRole on resource: x", "iam:PassRole")]
    public void Translate_Denial_NamesTheMissingPermission(string message, string permission)
    {
        var failure = AwsFailures.Translate("ec2:RunInstances", Exception("UnauthorizedOperation", message, 403), default);

        failure.Code.Should().Be(FailureCodes.AwsDenied);
        failure.Message.Should().StartWith($"The worker lacks the permission {permission}: ").And.NotContain("AbCdEf");
    }

    [Fact]
    public void Translate_TagPolicy_IsNoMissingPermission()
    {
        var failure = AwsFailures.Translate("ec2:RunInstances", Exception("TagPolicyViolation", "CostCentre is missing.", 403), default);

        failure.Kind.Should().Be(FailureKind.Failed);
        failure
            .Message.Should()
            .Be(
                "ec2:RunInstances answered TagPolicyViolation: CostCentre is missing; give the recipe the tags that the organization's tag policy asks for."
            );
    }

    [Fact]
    public void Translate_BrokenConnection_IsTransient()
    {
        var failure = AwsFailures.Translate("ssm:SendCommand", new HttpRequestException("Connection refused"), default);

        failure.Kind.Should().Be(FailureKind.Transient);
        failure.Code.Should().Be(FailureCodes.AwsUnavailable);
        failure
            .Message.Should()
            .Be("ssm:SendCommand did not get through: Connection refused; check the way to AWS, the bake is tried again.");
    }

    [Fact]
    public void Translate_NoCredentials_IsForTheOperator()
    {
        var failure = AwsFailures.Translate("ec2:RunInstances", new AmazonClientException("Failed to resolve AWS credentials."), default);

        failure.Kind.Should().Be(FailureKind.Failed);
        failure.Message.Should().StartWith("ec2:RunInstances could not be sent: there are no AWS credentials; give some by AWS_PROFILE");
    }

    private static AmazonEC2Exception Exception(string code, string message, int status) =>
        new(message, ErrorType.Sender, code, "req-1", (HttpStatusCode)status);
}
