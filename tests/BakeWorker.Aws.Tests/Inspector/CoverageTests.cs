using Amazon.Inspector2.Model;
using BakeWorker.Aws.Inspector;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Tests.Inspector;

public sealed class CoverageTests
{
    [Theory]
    [InlineData("ACTIVE", "SUCCESSFUL", ScanState.Done)]
    [InlineData("ACTIVE", "DEEP_INSPECTION_NO_INVENTORY", ScanState.Partial)]
    [InlineData("INACTIVE", "DEEP_INSPECTION_NO_INVENTORY", ScanState.Running)]
    [InlineData("INACTIVE", "SUCCESSFUL", ScanState.Running)]
    [InlineData("ACTIVE", "PENDING_INITIAL_SCAN", ScanState.Running)]
    [InlineData("ACTIVE", "SCAN_IN_PROGRESS", ScanState.Running)]
    [InlineData("INACTIVE", "UNMANAGED_EC2_INSTANCE", ScanState.Running)]
    [InlineData("INACTIVE", "NO_INVENTORY", ScanState.Running)]
    [InlineData("INACTIVE", "STALE_INVENTORY", ScanState.Running)]
    [InlineData("INACTIVE", "INTERNAL_ERROR", ScanState.Running)]
    [InlineData("INACTIVE", "A_WORD_OF_TOMORROW", ScanState.Running)]
    [InlineData(null, null, ScanState.Running)]
    [InlineData("INACTIVE", "EXCLUDED_BY_TAG", ScanState.Failed)]
    [InlineData("INACTIVE", "UNSUPPORTED_OS", ScanState.Failed)]
    [InlineData("INACTIVE", "ACCESS_DENIED", ScanState.Failed)]
    [InlineData("INACTIVE", "RESOURCE_TERMINATED", ScanState.Failed)]
    [InlineData("INACTIVE", "EC2_INSTANCE_STOPPED", ScanState.Failed)]
    [InlineData("ACTIVE", "UNSUPPORTED_OS", ScanState.Failed)]
    public void From_Row_FailsClosed(string? code, string? reason, ScanState state)
    {
        var row = new CoveredResource
        {
            ScanStatus = new() { StatusCode = code is null ? null : new(code), Reason = reason is null ? null : new(reason) },
        };

        Coverage.From(row).State.Should().Be(state);
        Coverage.From(row).Reason.Should().StartWith(reason ?? "UNKNOWN");
    }

    /// <summary>The reasons of Inspector's own model, to the last.</summary>
    [Theory]
    [InlineData(ScanState.Done, "SUCCESSFUL")]
    [InlineData(
        ScanState.Running,
        "PENDING_INITIAL_SCAN PENDING_REVIVAL_SCAN SCAN_IN_PROGRESS NO_INVENTORY STALE_INVENTORY UNMANAGED_EC2_INSTANCE RESOURCE_UNMANAGED INTERNAL_ERROR"
    )]
    [InlineData(
        ScanState.Partial,
        "DEEP_INSPECTION_PACKAGE_COLLECTION_LIMIT_EXCEEDED DEEP_INSPECTION_DAILY_SSM_INVENTORY_LIMIT_EXCEEDED DEEP_INSPECTION_COLLECTION_TIME_LIMIT_EXCEEDED DEEP_INSPECTION_NO_INVENTORY"
    )]
    [InlineData(
        ScanState.Failed,
        "ACCESS_DENIED UNSUPPORTED_OS SCAN_ELIGIBILITY_EXPIRED RESOURCE_TERMINATED NO_RESOURCES_FOUND IMAGE_SIZE_EXCEEDED SCAN_FREQUENCY_MANUAL SCAN_FREQUENCY_SCAN_ON_PUSH EC2_INSTANCE_STOPPED PENDING_DISABLE EXCLUDED_BY_TAG UNSUPPORTED_RUNTIME UNSUPPORTED_MEDIA_TYPE UNSUPPORTED_CONFIG_FILE AGENTLESS_INSTANCE_STORAGE_LIMIT_EXCEEDED AGENTLESS_INSTANCE_COLLECTION_TIME_LIMIT_EXCEEDED INTEGRATION_CONNECTION_LOST ACCESS_DENIED_TO_ENCRYPTION_KEY UNSUPPORTED_LANGUAGE NO_SCAN_CONFIGURATION_ASSOCIATED IMAGE_ARCHIVED UNSUPPORTED_CODE_ARTIFACTS RESOURCE_STOPPED"
    )]
    public void From_EveryReasonOfTheModel_HasAMeaning(ScanState state, string reasons)
    {
        foreach (var reason in reasons.Split(' '))
        {
            Coverage.Knows(reason).Should().BeTrue(reason);
            Coverage
                .From(
                    new CoveredResource
                    {
                        ScanStatus = new() { StatusCode = new("ACTIVE"), Reason = new(reason) },
                    }
                )
                .State.Should()
                .Be(state, reason);
        }
    }
}
