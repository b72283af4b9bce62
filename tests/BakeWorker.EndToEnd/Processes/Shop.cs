using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.EndToEnd.Sandbox;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Processes;

/// <summary>A cloud in a process of its own, as many workers as are started, and clients that look at it from outside.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly SandboxMachine _machine;
    private readonly BakeWorkerProcess _cloud;
    private readonly Dictionary<string, string> _environment;
    private readonly AmazonSQSClient _sqs;
    private readonly AmazonEC2Client _ec2;
    private readonly List<BakeWorkerProcess> _workers = [];

    private Shop(SandboxMachine machine, BakeWorkerProcess cloud, Dictionary<string, string> environment)
    {
        (_machine, _cloud, _environment) = (machine, cloud, environment);
        var credentials = new BasicAWSCredentials("local", "local");
        var url = environment["AWS_ENDPOINT_URL"];
        _sqs = new AmazonSQSClient(credentials, new AmazonSQSConfig { ServiceURL = url, AuthenticationRegion = SandboxMachine.Region });
        _ec2 = new AmazonEC2Client(credentials, new AmazonEC2Config { ServiceURL = url, AuthenticationRegion = SandboxMachine.Region });
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Shop> OpenAsync(SandboxMachine machine)
    {
        var folder = Path.Combine(machine.Folder, Path.GetRandomFileName());
        var environment = new Dictionary<string, string>
        {
            ["BAKEWORKER__DATA"] = Path.Combine(folder, "data"),
            ["BAKEWORKER__RECIPES"] = CountingRecipe.WriteTo(Path.Combine(folder, "recipes")),
            ["BAKEWORKER__CONSUMER__VISIBILITY"] = "30s",
            ["BAKEWORKER__CONSUMER__RETRYDELAY"] = "1s",
        };
        var cloud = machine.Start(environment, "local", "--no-worker", "--port", "0", "--guest", "sandbox", "--speed", "100");
        foreach (var (name, value) in await cloud.ReadExportsAsync())
        {
            environment[name] = value;
        }

        return new Shop(machine, cloud, environment);
    }

    public async Task<BakeWorkerProcess> HireAsync()
    {
        var worker = _machine.Start(
            new Dictionary<string, string>(_environment) { ["BAKEWORKER__BAKERY__WORKER"] = $"worker-{_workers.Count + 1}" },
            "run"
        );
        _workers.Add(worker);
        await worker.UntilAsync("Takes requests");
        return worker;
    }

    public async Task SendAsync(string requestId) =>
        await _sqs.SendMessageAsync(
            await UrlAsync("bake-requests"),
            $$"""{ "recipe": "{{CountingRecipe.Name}}", "requestId": "{{requestId}}" }""",
            Ct
        );

    /// <summary>The next answers, as soon as there are some.</summary>
    public async Task<IReadOnlyList<BakeResult>> ReceiveAsync()
    {
        var queue = await UrlAsync("bake-results");
        var request = new ReceiveMessageRequest(queue) { MaxNumberOfMessages = 10, WaitTimeSeconds = 1 };
        var messages = (await _sqs.ReceiveMessageAsync(request, Ct)).Messages ?? [];
        foreach (var message in messages)
        {
            await _sqs.DeleteMessageAsync(queue, message.ReceiptHandle, Ct);
        }

        return [.. messages.Select(message => BakeResultReader.Read(message.Body)!)];
    }

    /// <summary>Everything in the account that bakes made, in words.</summary>
    public async Task<IReadOnlyList<string>> LookAsync()
    {
        var instances = (await _ec2.DescribeInstancesAsync(Ct)).Reservations ?? [];
        var images = await _ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = ["self"], IncludeDisabled = true }, Ct);
        var snapshots = await _ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { OwnerIds = ["self"] }, Ct);
        return
        [
            .. instances
                .SelectMany(reservation => reservation.Instances)
                .Where(instance =>
                    instance.State.Name != InstanceStateName.Terminated && instance.State.Name != InstanceStateName.ShuttingDown
                )
                .Select(instance => $"running {instance.InstanceId}"),
            .. (images.Images ?? []).Select(image =>
                (image.Tags ?? []).Any(tag => tag.Key == "bakeworker:released-at") ? "released image" : $"unreleased {image.ImageId}"
            ),
            .. (snapshots.Snapshots ?? []).Select(_ => "snapshot"),
        ];
    }

    public string Logs() => string.Join("\n\n", _workers.Select(worker => worker.Output));

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        // Asked, not killed: it takes its sandboxes with it.
        _cloud.Signal("TERM");
        await _cloud.ExitAsync();
        await _cloud.DisposeAsync();
        _sqs.Dispose();
        _ec2.Dispose();
    }

    private async Task<string> UrlAsync(string queue) => (await _sqs.GetQueueUrlAsync(queue, Ct)).QueueUrl;
}
