using System.Text.Json;

namespace BakeWorker.EndToEnd.ThirdParty;

/// <summary>The AWS CLI as its users run it.</summary>
public sealed class AwsCliTests
{
    private static readonly string? Aws = Tool.Find("aws");

    [Fact]
    public async Task Cli_LooksAround_FindsAnAccount()
    {
        Assert.SkipWhen(Aws is null, "the AWS CLI is not installed");
        await using var cloud = await OpenCloud.StartAsync();

        (await Run(cloud, "sts get-caller-identity --query Account --output text")).Should().Be("123456789012");
        (await Run(cloud, "ec2 describe-regions --query length(Regions[]) --output text")).Should().NotBe("0");
        (await Run(cloud, "ec2 describe-subnets --filters Name=tag:Name,Values=sandbox --query Subnets[].VpcId --output text"))
            .Should()
            .StartWith("vpc-");
        var base12 = await Run(
            cloud,
            "ssm get-parameter --name /aws/service/debian/release/12/latest/amd64 --query Parameter.Value --output text"
        );
        (await Run(cloud, $"ec2 describe-images --image-ids {base12} --query Images[0].OwnerId --output text")).Should().Be("136693071363");
    }

    [Fact]
    public async Task Cli_LaunchesRunsACommandAndCaptures_AsOnAws()
    {
        Assert.SkipWhen(Aws is null, "the AWS CLI is not installed");
        await using var cloud = await OpenCloud.StartAsync();
        var image = await Run(
            cloud,
            "ssm get-parameter --name /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64 --query Parameter.Value --output text"
        );

        var instance = await Run(
            cloud,
            $"ec2 run-instances --image-id {image} --instance-type t3.micro --iam-instance-profile Name=bakeworker "
                + "--tag-specifications ResourceType=instance,Tags=[{Key=Name,Value=by-hand}] --query Instances[0].InstanceId --output text"
        );
        await Run(cloud, $"ec2 wait instance-status-ok --instance-ids {instance}");
        var command = await Run(
            cloud,
            $"ssm send-command --document-name AWS-RunShellScript --instance-ids {instance} --parameters commands=uptime --query Command.CommandId --output text"
        );
        await Run(cloud, $"ssm wait command-executed --command-id {command} --instance-id {instance}");
        await Run(cloud, $"ec2 stop-instances --instance-ids {instance}");
        await Run(cloud, $"ec2 wait instance-stopped --instance-ids {instance}");
        var made = await Run(cloud, $"ec2 create-image --instance-id {instance} --name by-hand --query ImageId --output text");
        await Run(cloud, $"ec2 wait image-available --image-ids {made}");
        await Run(cloud, $"ssm put-parameter --name /images/by-hand --type String --data-type aws:ec2:image --value {made}");
        (await Run(cloud, "ssm get-parameter --name /images/by-hand --query Parameter.Value --output text")).Should().Be(made);
        await Run(cloud, $"ec2 terminate-instances --instance-ids {instance}");
        await Run(cloud, $"ec2 wait instance-terminated --instance-ids {instance}");
    }

    [Fact]
    public async Task Cli_SendsAndReceivesAMessage()
    {
        Assert.SkipWhen(Aws is null, "the AWS CLI is not installed");
        await using var cloud = await OpenCloud.StartAsync();
        var url = await Run(cloud, "sqs create-queue --queue-name requests --query QueueUrl --output text");

        await Run(cloud, $"sqs send-message --queue-url {url} --message-body {{\"recipe\":\"x\"}}");
        var received = await Run(cloud, $"sqs receive-message --queue-url {url} --wait-time-seconds 2 --output json");

        JsonDocument
            .Parse(received)
            .RootElement.GetProperty("Messages")[0]
            .GetProperty("Body")
            .GetString()
            .Should()
            .Be("{\"recipe\":\"x\"}");
    }

    [Fact]
    public async Task Cli_AsksForTheUnknown_GetsAwsErrors()
    {
        Assert.SkipWhen(Aws is null, "the AWS CLI is not installed");
        await using var cloud = await OpenCloud.StartAsync();

        var act = () => Run(cloud, "ec2 describe-instances --instance-ids i-0123456789abcdef0");

        (await act.Should().ThrowAsync<Exception>()).WithMessage("*InvalidInstanceID.NotFound*");
    }

    private static async Task<string> Run(OpenCloud cloud, string arguments) =>
        // Debian's CLI is older than AWS_ENDPOINT_URL.
        (await Tool.RunAsync(Aws!, ["--endpoint-url", cloud.Url.ToString(), .. arguments.Split(' ')], cloud.Url)).Trim();
}
