using BakeWorker.Core.Bakes;
using BakeWorker.Testing;

namespace BakeWorker.Tests.Commands;

public sealed class SubmitCommandTests
{
    private const string Recipe = "debian-12-base";
    private static readonly string[] Submit = ["submit", Recipe, "--wait", "--timeout", "5s", "--request-id", "ci-1"];

    [Fact]
    public async Task Submit_ThatWaits_TellsHowFarTheBakeIs()
    {
        await using var account = await OpenAsync();
        await account.Plant.InstanceAsync(
            Planting.Tags(BakeId.For(Recipe, "ci-1").Value, "builder", TimeProvider.System.GetUtcNow().AddHours(1))
        );

        (await account.RunAsync(Submit)).Should().Be(1);

        account.ErrorLines.Where(line => line.EndsWith("  building")).Should().ContainSingle("it is told once, however often it is seen");
        account.ErrorLines[^1].Should().Contain("No result of ");
    }

    [Fact]
    public async Task Submit_WhoCannotLook_WaitsAllTheSame()
    {
        await using var account = await OpenAsync();
        account.Cloud.Faults.Plan.Calls("ec2").Always().Fails();

        (await account.RunAsync([.. Submit, "--set", "Aws:CallRetries=0"])).Should().Be(1);

        account.ErrorLines.Should().HaveCount(2);
        account.ErrorLines[^1].Should().Contain("No result of ");
    }

    [Fact]
    public async Task Submit_WhoseQueueCannotBeRemoved_EndsAsTheBakeDoes()
    {
        await using var account = await OpenAsync();
        account.Cloud.Faults.Plan.Calls("sqs", "DeleteQueue").Always().Fails();

        (await account.RunAsync([.. Submit, "--set", "Aws:CallRetries=0"])).Should().Be(1);

        account.ErrorLines[^2].Should().Contain("bakeworker-reply-").And.Contain("stays behind: sqs:DeleteQueue");
        account.ErrorLines[^1].Should().Contain("No result of ");
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")]
    public async Task Submit_WithACollectorThatIsNone_SaysSo(string variable)
    {
        await using var account = await OpenAsync();

        account.Environment[variable] = "collector:4317";

        (await account.RunAsync(Submit)).Should().Be(2);

        account.ErrorLines.Should().ContainSingle().Which.Should().Contain($"{variable} is collector:4317");
    }

    private static async Task<AccountAtWork> OpenAsync()
    {
        var account = await AccountAtWork.OpenAsync();
        await account.Clients.Sqs.CreateQueueAsync("bake-requests");
        return account;
    }
}
