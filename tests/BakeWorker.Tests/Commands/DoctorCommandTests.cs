using System.Text.Json;
using Amazon.EC2.Model;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.SQS.Model;
using BakeWorker.Aws.Iam;
using BakeWorker.LocalCloud;

namespace BakeWorker.Tests.Commands;

public sealed class DoctorCommandTests
{
    private const string Nowhere = "subnet-0123456789abcdef0";
    private static readonly LocalCloudDefaults Defaults = LocalCloudDefaults.For("eu-central-1");

    [Fact]
    public async Task Doctor_OfAnAccountThatIsWell_FindsNoFault()
    {
        await using var account = await DeployedAsync();

        (await account.RunAsync("doctor")).Should().Be(0, account.Output);

        account.Output.Split('\n').Should().Contain(line => line.StartsWith("ok      account: 123456789012")).And.NotContain(IsFault());
        account.Output.Should().Contain("ok      launch: EC2 would launch a tester of ").And.Contain("unknown quotas:");
        account.ErrorLines.Should().ContainSingle().Which.Should().StartWith("0 faults, 1 unknown, ");
        (await account.Plant.AllAsync()).Should().BeEmpty("looking launches nothing");
        account
            .Calls.SelectMany(IamActions.For)
            .Except(IamActions.For("ec2:RunInstances"))
            .Should()
            .BeSubsetOf(IamPolicies.Doctor(new IamScope()).Actions);
    }

    [Fact]
    public async Task Doctor_OfAnAccountThatIsEmpty_NamesWhatIsMissing()
    {
        await using var account = await AccountAtWork.OpenAsync();

        (
            await account.RunAsync(
                "doctor",
                "--json",
                "--set",
                "Aws:EventsQueue=wake-up",
                "--set",
                $"Bakery:BuilderSubnets={Nowhere}",
                "--set",
                "Bakery:SandboxSecurityGroups=sg-0123456789abcdef0",
                "--set",
                "Proof:Bucket=nobodys",
                "--recipes",
                "."
            )
        )
            .Should()
            .Be(1, account.Output);

        account.Json.GetProperty("well").GetBoolean().Should().BeFalse();
        Fault(account, "Aws:Queue")
            .Should()
            .Be(("there is no queue bake-requests in this account and Region", "create it, or name another in Aws:Queue"));
        Fault(account, "Aws:ResultsQueue").Text.Should().Contain("bake-results");
        Fault(account, "Aws:EventsQueue").Text.Should().Contain("wake-up");
        Fault(account, "Bakery:BuilderSubnets").Text.Should().Contain(Nowhere);
        Fault(account, "Bakery:SandboxSecurityGroups").Text.Should().Contain("sg-0123456789abcdef0");
        Fault(account, "proofs").Text.Should().Contain("NoSuchBucket");
        Fault(account, "recipes").Mend.Should().Contain("Recipes");
    }

    [Fact]
    public async Task Doctor_OfAnAccountThatIsDeployedWrongly_NamesEachFaultAndItsMend()
    {
        await using var account = await DeployedAsync(maxReceives: 3, retention: 600);
        account.Cloud.Inspector.Behavior.IsEnabled = false;
        var endpoints = await account.Clients.Ec2.DescribeVpcEndpointsAsync(new DescribeVpcEndpointsRequest());
        await account.Clients.Ec2.DeleteVpcEndpointsAsync(
            new DeleteVpcEndpointsRequest { VpcEndpointIds = [.. endpoints.VpcEndpoints.Select(endpoint => endpoint.VpcEndpointId)] }
        );
        IpPermission ssh = new()
        {
            IpProtocol = "tcp",
            FromPort = 22,
            ToPort = 22,
            Ipv4Ranges = [new() { CidrIp = "10.0.0.0/8" }],
        };
        await account.Clients.Ec2.AuthorizeSecurityGroupIngressAsync(
            new AuthorizeSecurityGroupIngressRequest { GroupId = Defaults.SecurityGroup, IpPermissions = [ssh] }
        );
        var key = await DisabledKeyAsync(account);

        (await account.RunAsync("doctor", "--json", "--set", $"Proof:KmsKey={key}")).Should().Be(1, account.Output);

        var queue = Faults(account, "Aws:Queue").ToList();
        queue.Should().HaveCount(2);
        queue[0].Text.Should().Contain("after 3 receives");
        queue[0].Mend.Should().Contain("maxReceiveCount of 100");
        queue[1].Text.Should().Contain("forgets messages after 10 min");
        Fault(account, "inspector").Mend.Should().Contain("aws inspector2 enable");
        Fault(account, "Bakery:SandboxSubnets").Text.Should().Contain("no endpoint for ssm and ssmmessages");
        Fault(account, "Bakery:BuilderSecurityGroups").Text.Should().EndWith("lets in tcp 22 to 22 from 10.0.0.0/8");
        Fault(account, "proof key").Text.Should().Contain("Disabled");
        Faults(account, "Bakery:BuilderSubnets").Should().BeEmpty("they lead to the internet");
    }

    [Fact]
    public async Task Doctor_OfASandboxThatLeadsOut_AndAQueueWithoutAnEnd_SaysSo()
    {
        await using var account = await AccountAtWork.OpenAsync();
        await account.Clients.Sqs.CreateQueueAsync("bake-requests");
        await account.Clients.Sqs.CreateQueueAsync("bake-results");

        (await account.RunAsync("doctor", "--set", $"Bakery:SandboxSubnets={Defaults.BuilderSubnets[0]}")).Should().Be(1);

        var lines = account.Output.Split('\n');
        var sandbox = Array.FindIndex(lines, line => line.StartsWith("fault   Bakery:SandboxSubnets: "));
        lines[sandbox].Should().Contain("leads out of its network");
        lines[sandbox + 1].Should().StartWith("        mend: associate it with a route table");
        lines.Should().Contain(line => line.StartsWith("fault   Aws:Queue: bake-requests has no dead-letter queue"));
        lines.Count(line => line.StartsWith("fault")).Should().Be(2, account.Output);
    }

    [Fact]
    public async Task Doctor_WhoCannotCallAws_SaysSoOnce_AndStillTellsWhatLiesHere()
    {
        await using var account = await AccountAtWork.OpenAsync();

        (await account.RunAsync("doctor", "--set", "Aws:ServiceUrl=http://127.0.0.1:1")).Should().Be(1);

        var lines = account.Output.Split('\n');
        lines
            .Where(line => line.StartsWith("fault"))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("fault   account: nothing could be asked: ");
        lines.Should().Contain(line => line.StartsWith("        mend: see that this machine reaches AWS"));
        lines
            .Should()
            .Contain("ok      settings: all that a worker needs is set")
            .And.Contain(line => line.StartsWith("ok      recipes: "));
        account.ErrorLines.Should().ContainSingle().Which.Should().Be("1 fault, 0 unknown, 2 well.");
    }

    [Fact]
    public async Task Doctor_OfARegionThatIsNone_SaysSoOnce()
    {
        await using var account = await AccountAtWork.OpenAsync();

        (await account.RunAsync("doctor", "--set", "Aws:Region=nowhere-1")).Should().Be(1);

        var lines = account.Output.Split('\n');
        lines.Where(line => line.StartsWith("fault")).Should().ContainSingle().Which.Should().Contain("nowhere-1");
        lines.Should().Contain(line => line.StartsWith("        mend: see whose credentials these are"));
    }

    [Fact]
    public void DoctorsPolicy_IsOnlyToLook()
    {
        var scope = new IamScope { Account = "123456789012", Regions = ["eu-central-1"] };

        IamPolicies
            .Doctor(scope)
            .Actions.Select(action => action.Split(':')[1])
            .Should()
            .HaveCountGreaterThan(20)
            .And.OnlyContain(call =>
                call.StartsWith("Describe") || call.StartsWith("Get") || call.StartsWith("List") || call.StartsWith("BatchGet")
            );
        IamPolicies.Doctor(scope).Statements.Select(statement => statement.Sid).Should().OnlyHaveUniqueItems();
    }

    private static async Task<AccountAtWork> DeployedAsync(int maxReceives = 100, int retention = 345_600)
    {
        var account = await AccountAtWork.OpenAsync();
        var sqs = account.Clients.Sqs;
        var dead = (await sqs.CreateQueueAsync("bake-requests-dead")).QueueUrl;
        var arn = (await sqs.GetQueueAttributesAsync(dead, ["QueueArn"])).QueueARN;
        await sqs.CreateQueueAsync("bake-results");
        await sqs.CreateQueueAsync(
            new CreateQueueRequest("bake-requests")
            {
                Attributes = new()
                {
                    ["RedrivePolicy"] = JsonSerializer.Serialize(new { deadLetterTargetArn = arn, maxReceiveCount = maxReceives }),
                    ["MessageRetentionPeriod"] = $"{retention}",
                },
            }
        );
        return account;
    }

    private static async Task<string> DisabledKeyAsync(AccountAtWork account)
    {
        var made = await account.Clients.Kms.CreateKeyAsync(
            new CreateKeyRequest { KeySpec = KeySpec.ECC_NIST_P256, KeyUsage = KeyUsageType.SIGN_VERIFY }
        );
        await account.Clients.Kms.DisableKeyAsync(made.KeyMetadata.KeyId);
        return made.KeyMetadata.Arn;
    }

    private static (string Text, string Mend) Fault(AccountAtWork account, string subject) =>
        Faults(account, subject).Should().ContainSingle("of {0} in {1}", subject, account.Output).Subject;

    private static IEnumerable<(string Text, string Mend)> Faults(AccountAtWork account, string subject) =>
        account
            .Json.GetProperty("checks")
            .EnumerateArray()
            .Where(check => check.GetProperty("subject").GetString() == subject && check.GetProperty("state").GetString() == "fault")
            .Select(check => (check.GetProperty("text").GetString()!, check.GetProperty("mend").GetString()!));

    private static System.Linq.Expressions.Expression<Func<string, bool>> IsFault() => line => line.StartsWith("fault");
}
