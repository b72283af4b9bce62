using BakeWorker.Aws.Ssm;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Tests.Ssm;

public sealed class CommandStatesTests
{
    [Theory]
    [InlineData("Success", "Success", CommandState.Succeeded)]
    [InlineData("Failed", "Failed", CommandState.Failed)]
    [InlineData("TimedOut", "Execution Timed Out", CommandState.TimedOut)]
    [InlineData("TimedOut", "ExecutionTimedOut", CommandState.TimedOut)]
    [InlineData("TimedOut", "Delivery Timed Out", CommandState.Undelivered)]
    [InlineData("TimedOut", "DeliveryTimedOut", CommandState.Undelivered)]
    [InlineData("TimedOut", null, CommandState.TimedOut)]
    [InlineData("Failed", "Undeliverable", CommandState.Undelivered)]
    [InlineData("Failed", "Terminated", CommandState.Undelivered)]
    [InlineData("Failed", "AccessDenied", CommandState.Undelivered)]
    [InlineData("Failed", "Invalid Platform", CommandState.Undelivered)]
    [InlineData("Cancelled", "Cancelled", CommandState.Cancelled)]
    [InlineData("Cancelling", "Cancelling", CommandState.Running)]
    [InlineData("Delayed", "Delayed", CommandState.Running)]
    [InlineData("Pending", "", CommandState.Running)]
    [InlineData("SomethingNew", "AlsoNew", CommandState.Running)]
    [InlineData("Success", "AlsoNew", CommandState.Succeeded)]
    public void From_WordsOfSsm_IsTheDomainsState(string status, string? details, CommandState state) =>
        CommandStates.From(status, details).Should().Be(state);
}
