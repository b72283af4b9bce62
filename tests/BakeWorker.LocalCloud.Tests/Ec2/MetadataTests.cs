using System.Text;
using System.Text.Json;
using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Tests.Ec2;

/// <summary>The metadata service of an instance, as requests from inside it find it.</summary>
public sealed class MetadataTests : IAsyncDisposable
{
    private const string TokenHeader = "X-aws-ec2-metadata-token";
    private const string LifetimeHeader = "X-aws-ec2-metadata-token-ttl-seconds";
    private readonly Ec2World _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Tree_HoldsWhatTheInstanceIs()
    {
        var instance = await RunAsync(order =>
            (order.UserData, order.IamInstanceProfile) = (Convert.ToBase64String("#!/bin/sh\n"u8), new() { Name = "baker" })
        );
        var id = instance.InstanceId;

        Get(id, "/").Should().EndWith("\nlatest");
        Get(id, "/latest").Should().Be("dynamic/\nmeta-data/\nuser-data");
        Get(id, "/latest/meta-data/").Should().Contain("\ninstance-id\n").And.Contain("\nplacement/\n");
        Get(id, "/latest/meta-data/instance-id").Should().Be(id);
        Get(id, "/2021-03-23/meta-data/local-ipv4").Should().Be(instance.PrivateIpAddress);
        Get(id, "/latest/meta-data/placement/region").Should().Be(Ec2World.Home);
        Get(id, "/latest/meta-data/iam/security-credentials/").Should().Be("baker");
        Get(id, "/latest/user-data").Should().Be("#!/bin/sh\n");
        var document = JsonDocument.Parse(Get(id, "/latest/dynamic/instance-identity/document")).RootElement;
        document.GetProperty("instanceId").GetString().Should().Be(id);
        document.GetProperty("accountId").GetString().Should().Be(Ec2World.Account);
        Ask(id, "/latest/meta-data/no-such-thing").Status.Should().Be(404);
        Ask(id, "/1999-01-01/").Status.Should().Be(404);
    }

    [Fact]
    public async Task Token_IsNeededWhereTheInstanceAsksForOne_AndEnds()
    {
        var id = (await RunAsync()).InstanceId;

        Ask(id, "/latest/meta-data/instance-id", token: "").Status.Should().Be(401);
        Ask(id, "/latest/meta-data/instance-id", token: "AQAEmade-up").Status.Should().Be(401);
        Put(id, "0").Status.Should().Be(400);
        Put(id, "21601").Status.Should().Be(400);
        Put(id, null).Status.Should().Be(400);
        Put(id, "60", ("X-Forwarded-For", "10.0.0.1")).Status.Should().Be(403);
        var token = Encoding.UTF8.GetString(Put(id, "60").Body);
        Ask(id, "/latest/meta-data/instance-id", token).Status.Should().Be(200);
        _world.Pass(TimeSpan.FromSeconds(61));
        Ask(id, "/latest/meta-data/instance-id", token).Status.Should().Be(401);
    }

    [Fact]
    public async Task Options_OfTheInstance_Decide()
    {
        var old = (await RunAsync(order => order.MetadataOptions = new() { HttpTokens = HttpTokensState.Optional })).InstanceId;
        var off = (
            await RunAsync(order => order.MetadataOptions = new() { HttpEndpoint = InstanceMetadataEndpointState.Disabled })
        ).InstanceId;

        Ask(old, "/latest/meta-data/instance-id", token: "").Status.Should().Be(200);
        Ask(old, "/latest/meta-data/tags/instance/Name").Status.Should().Be(404);
        Put(off, "60").Status.Should().Be(403);
    }

    [Fact]
    public async Task Tags_AreThoseOfNow_WhereTheInstanceShowsThem()
    {
        var id = (await RunAsync()).InstanceId;
        await _world.Ec2.CreateTagsAsync(new CreateTagsRequest([id], [new("stage", "later"), new("a/b", "kept")]));

        Get(id, "/latest/meta-data/tags/instance/stage").Should().Be("later");
        Get(id, "/latest/meta-data/tags/instance").Should().Contain("stage");
    }

    private Task<Instance> RunAsync(Action<RunInstancesRequest>? change = null) =>
        _world.RunAsync(order =>
        {
            order.MetadataOptions = new()
            {
                HttpTokens = HttpTokensState.Required,
                InstanceMetadataTags = InstanceMetadataTagsState.Enabled,
            };
            change?.Invoke(order);
        });

    private string Get(string id, string path)
    {
        var answer = Ask(id, path);
        answer.Status.Should().Be(200, path);
        return Encoding.UTF8.GetString(answer.Body);
    }

    private WireResponse Ask(string id, string path, string? token = null) =>
        Send(id, "GET", path, token is "" ? [] : [(TokenHeader, token ?? Encoding.UTF8.GetString(Put(id, "60").Body))]);

    private WireResponse Put(string id, string? seconds, params (string, string)[] more) =>
        Send(id, "PUT", "/latest/api/token", seconds is null ? more : [(LifetimeHeader, seconds), .. more]);

    private WireResponse Send(string id, string method, string path, params (string Name, string Value)[] headers) =>
        _world
            .GuestOf(id)
            .Spec.Metadata!.Answer(
                new WireRequest(
                    method,
                    path,
                    "",
                    headers.ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase),
                    []
                )
            );
}
