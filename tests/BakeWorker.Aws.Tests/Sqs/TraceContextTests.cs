using BakeWorker.Aws.Sqs;

namespace BakeWorker.Aws.Tests.Sqs;

public sealed class TraceContextTests
{
    [Theory]
    [InlineData(
        "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1",
        "00-67891233abcdef012345678912345678-53995c3f42cd8ad8-01"
    )]
    [InlineData(
        "Self=1-1-1;Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=0",
        "00-67891233abcdef012345678912345678-53995c3f42cd8ad8-00"
    )]
    [InlineData("Root=1-67891233-abcdef012345678912345678", null)]
    [InlineData("Root=1-6789-abc;Parent=53995c3f42cd8ad8", null)]
    [InlineData("rubbish", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void FromXRay_Header_BecomesTraceParent(string? header, string? traceParent) =>
        TraceContext.FromXRay(header).Should().Be(traceParent);
}
