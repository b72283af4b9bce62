using System.Text.Json;
using BakeWorker.Core.Bakes;
using BakeWorker.EndToEnd.ThirdParty;

namespace BakeWorker.EndToEnd.Sandbox;

/// <summary>Cloud and worker in one shell, the AWS CLI in another.</summary>
[Collection(SandboxTests.Name)]
public sealed class LocalAndAwsCliTests(SandboxMachine machine)
{
    private const string OurAccount = "123456789012";
    private static readonly string? Aws = Tool.Find("aws");

    [Fact(Timeout = 240_000)]
    public async Task Cli_SendsARequest_AndWatchesItBecomeAnImage()
    {
        Assert.SkipWhen(Aws is null, "the AWS CLI is not installed");
        var ct = TestContext.Current.CancellationToken;
        // Without a wish it is the sandbox wherever there can be one.
        await using var local = machine.Start("local", "--port", "0");
        var url = new Uri((await local.ReadExportsAsync())["AWS_ENDPOINT_URL"]);
        var (bake, queues) = (BakeId.For("debian-12-base", "by-hand"), new Uri(url, $"{OurAccount}/"));
        var ours = $"Name=tag:bakeworker:bake-id,Values={bake}";

        await Run(
            url,
            $"sqs send-message --queue-url {queues}bake-requests --message-body {{\"recipe\":\"debian-12-base\",\"requestId\":\"by-hand\"}}"
        );

        await Until(url, $"ec2 describe-instances --filters {ours} --query Reservations[].Instances[].InstanceId --output text", "i-", ct);
        var image = await Until(
            url,
            $"ec2 describe-images --owners self --filters {ours} --query Images[].ImageId --output text",
            "ami-",
            ct
        );
        var answer = await Until(url, $"sqs receive-message --queue-url {queues}bake-results --wait-time-seconds 20", "Body", ct);
        var result = BakeResultReader.Read(
            JsonDocument.Parse(answer).RootElement.GetProperty("Messages")[0].GetProperty("Body").GetString()!
        )!;
        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result.Images.Should().Equal(new Dictionary<string, string> { [SandboxMachine.Region] = image });
        (await Run(url, "ssm get-parameter --name /images/debian-12-base/current --query Parameter.Value --output text"))
            .Should()
            .Be(image);
        (await Run(url, $"ec2 describe-instances --filters {ours} --query Reservations[].Instances[].State.Name --output text"))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .HaveCount(2)
            .And.BeSubsetOf(["shutting-down", "terminated"]);
        local.Signal("TERM");
        (await local.ExitAsync()).Should().Be(0, local.Error);
    }

    // What is not there yet appears; only the test's own time limit ends this.
    private static async Task<string> Until(Uri url, string arguments, string text, CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            if (await Run(url, arguments) is var answer && answer.Contains(text))
            {
                return answer;
            }
        }
    }

    // Debian's CLI is older than AWS_ENDPOINT_URL.
    private static async Task<string> Run(Uri url, string arguments) =>
        (await Tool.RunAsync(Aws!, ["--endpoint-url", url.ToString(), .. arguments.Split(' ')], url)).Trim();
}
