using Amazon.Inspector2.Model;
using BakeWorker.Aws.Inspector;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Tests.Inspector;

public sealed class CoverageTests
{
    [Theory]
    [InlineData("ACTIVE", "SUCCESSFUL", ScanState.Done)]
    [InlineData("ACTIVE", "DEEP_INSPECTION_NO_INVENTORY", ScanState.Done)]
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
        Coverage.From(row).Reason.Should().Be(reason ?? "UNKNOWN");
    }
}
