using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.EC2.Model;
using BakeWorker.LocalCloud.Guests.Scripted;
using BakeWorker.Testing;
using Microsoft.Extensions.Time.Testing;

namespace BakeWorker.LocalCloud.Tests;

/// <summary>A LocalCloud with scripted guests on a clock that only moves when told, and the real clients of one Region.</summary>
public sealed class CloudWorld : IAsyncDisposable
{
    public const string AmazonLinux = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
    public const string Debian = "resolve:ssm:/aws/service/debian/release/12/latest/amd64";
    public const string Windows = "resolve:ssm:/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base";
    private const string Region = "eu-west-1";

    public CloudWorld(LocalCloudOptions? options = null)
    {
        Guests = new ScriptedGuestHost(Time);
        Cloud = new LocalCloud(options ?? new LocalCloudOptions(), Time, Guests);
        Clients = new LocalCloudClients(Cloud, Region);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 3, 0, 0, TimeSpan.Zero));
    public ScriptedGuestHost Guests { get; }
    public LocalCloud Cloud { get; }
    public LocalCloudClients Clients { get; }
    public Scenario Scenario => Guests.Scenario;
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Lets time pass in small steps, so that what follows from something follows when it should.</summary>
    public void Pass(TimeSpan time)
    {
        var end = Time.GetUtcNow() + time;
        while (Time.GetUtcNow() < end)
        {
            var left = end - Time.GetUtcNow();
            Time.Advance(left < TimeSpan.FromMilliseconds(250) ? left : TimeSpan.FromMilliseconds(250));
        }
    }

    public void PassSeconds(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    /// <summary>Launches an instance and waits until its agent, if it has one, is online.</summary>
    public async Task<string> LaunchAsync(string image = AmazonLinux, bool hasProfile = true, params (string Key, string Value)[] tags)
    {
        var request = new RunInstancesRequest(image, 1, 1)
        {
            InstanceType = "t3.small",
            SubnetId = LocalCloudDefaults.For(Region).BuilderSubnet("a"),
            IamInstanceProfile = hasProfile ? new IamInstanceProfileSpecification { Name = LocalCloudDefaults.InstanceProfile } : null,
            TagSpecifications =
                tags.Length == 0
                    ? null
                    : [new TagSpecification { ResourceType = "instance", Tags = [.. tags.Select(tag => new Tag(tag.Key, tag.Value))] }],
        };
        var id = (await Clients.Ec2.RunInstancesAsync(request, Ct)).Reservation.Instances[0].InstanceId;
        PassSeconds(30);
        return id;
    }

    /// <summary>A signed-looking call of Inspector, which has no official client here.</summary>
    public async Task<(int Status, string? ErrorType, JsonObject Body)> InspectorAsync(
        string path,
        string body = "{}",
        string region = Region
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"https://inspector2.{region}.amazonaws.com{path}");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        var day = Time.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential=AKIALOCALCLOUD000000/{day}/{region}/inspector2/aws4_request, SignedHeaders=host, Signature=00"
        );
        using var response = await Clients.Http.SendAsync(request, Ct);
        var error = response.Headers.TryGetValues("x-amzn-errortype", out var values) ? values.Single() : null;
        return ((int)response.StatusCode, error, JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!.AsObject());
    }

    public async ValueTask DisposeAsync()
    {
        Clients.Dispose();
        await Cloud.DisposeAsync();
    }
}
