using System.ComponentModel.DataAnnotations;
using BakeWorker.Core.Cloud;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.Aws.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public void AddBakeWorkerAws_GivesThePortsOfTheDomain()
    {
        using var wire = new Wire();
        using var provider = new ServiceCollection()
            .AddBakeWorkerAws(
                new AwsOptions { Region = "eu-west-1", Queue = "https://sqs.eu-west-1.amazonaws.com/123456789012/bakes" },
                wire
            )
            .BuildServiceProvider();

        provider.GetRequiredService<ICloud>().Home.Name.Should().Be("eu-west-1");
        provider.GetRequiredService<ICloud>().Should().BeSameAs(provider.GetRequiredService<AwsCloud>());
        provider.GetRequiredService<IBakeQueue>().Name.Should().Be("bakes");
    }

    [Fact]
    public void FindAccount_AsksOnce()
    {
        using var world = new AwsWorld();
        world.Run(async () =>
        {
            (await world.Aws.FindAccountAsync(AwsWorld.Ct)).Should().Be("123456789012");
            (await world.Aws.FindAccountAsync(AwsWorld.Ct)).Should().Be("123456789012");
        });

        world.Wire.Sent.Should().ContainSingle();
    }

    [Fact]
    public void In_SameRegion_IsTheSameAndSignsForIt()
    {
        using var world = new AwsWorld();
        world.Aws.In("eu-central-1").Should().BeSameAs(world.Aws.In("eu-central-1"));
        world.Run(() => world.Aws.In("eu-central-1").Instances.ListAsync(AwsWorld.Ct));

        world.Wire.Sent.Single().Uri.Host.Should().Be("ec2.eu-central-1.amazonaws.com");
        world.Wire.Sent.Single().Headers["Authorization"].Should().Contain("/eu-central-1/ec2/");
    }

    [Fact]
    public void ServiceUrl_IsWhereEveryServiceIsCalled()
    {
        using var world = new AwsWorld(options => options.ServiceUrl = "http://127.0.0.1:4566");
        world.Run(async () =>
        {
            await world.Clients.Sqs.CreateQueueAsync("bakes", AwsWorld.Ct);
            await world.Home.Instances.ListAsync(AwsWorld.Ct);
            await world.Home.Pointers.FindAsync("/none", AwsWorld.Ct);
            await world.Home.Scans.ReadCoverageAsync([new InstanceId("i-0123456789abcdef0")], AwsWorld.Ct);
            await world.Aws.FindAccountAsync(AwsWorld.Ct);
            await world.Aws.Queue.SendAsync(new Core.Cloud.QueuedRequest("{}", "a", "b"), AwsWorld.Ct);
        });

        world.Wire.Sent.Should().OnlyContain(sent => sent.Uri.Authority == "127.0.0.1:4566");
        world.Wire.Sent.Select(sent => sent.Headers["Authorization"]).Should().OnlyContain(header => header.Contains("/eu-west-1/"));
    }

    [Fact]
    public void Options_OutOfRange_AreNamed()
    {
        var options = new AwsOptions
        {
            ReceiveWait = TimeSpan.FromSeconds(30),
            DeliveryTimeout = TimeSpan.FromSeconds(5),
            CallRetries = 50,
            ServiceUrl = "nowhere",
        };
        var problems = new List<ValidationResult>();

        Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true).Should().BeFalse();

        problems.Select(problem => problem.ErrorMessage).Should().Contain("ReceiveWait must be 0 to 20 seconds.").And.HaveCount(4);
    }
}
