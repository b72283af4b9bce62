using BakeWorker.Core.Cloud;
using BakeWorker.Testing;

namespace BakeWorker.Aws.Tests;

/// <summary>The AWS SDK's own environment variables count for every client. They belong to the whole process, so these tests run alone.</summary>
[Collection(nameof(EnvironmentTests))]
[CollectionDefinition(nameof(EnvironmentTests), DisableParallelization = true)]
public sealed class EnvironmentTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly Wire _wire = new();

    public void Dispose()
    {
        foreach (var name in new[] { "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_EC2", "AWS_ENDPOINT_URL_INSPECTOR2", "AWS_REGION" })
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        _wire.Dispose();
    }

    [Fact]
    public void EndpointUrl_OfAService_WinsOverTheOneForAll()
    {
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL", "http://all.example:1");
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_EC2", "http://ec2.example:2");
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_INSPECTOR2", "http://inspector.example:3");
        using var aws = AwsCloud.Create(new AwsOptions { Region = "eu-west-1" }, _time, _wire);
        _wire.Answer(200, "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>");
        _wire.Answer(200, "{}", "application/json");
        _wire.Answer(200, """{"Parameter":{"Value":"ami-1","Version":1}}""", "application/x-amz-json-1.1");

        _time.Run(async () =>
        {
            await aws.Home.Instances.ListAsync(AwsWorld.Ct);
            await aws.Home.Scans.ListFindingsAsync(new InstanceId("i-1"), AwsWorld.Ct);
            await aws.Home.Pointers.FindAsync("/a", AwsWorld.Ct);
        });

        _wire.Sent.Select(sent => sent.Uri.Authority).Should().Equal("ec2.example:2", "inspector.example:3", "all.example:1");
        _wire.Sent.Select(sent => sent.Headers["Authorization"]).Should().OnlyContain(header => header.Contains("/eu-west-1/"));
    }

    [Fact]
    public void Region_WithoutASetting_ComesFromTheEnvironment()
    {
        Environment.SetEnvironmentVariable("AWS_REGION", "eu-north-1");
        Amazon.Runtime.FallbackRegionFactory.Reset();

        using var aws = AwsCloud.Create(new AwsOptions(), _time, _wire);

        aws.Home.Name.Should().Be("eu-north-1");
    }
}
