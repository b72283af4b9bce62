using System.Text.Json.Nodes;
using BakeWorker.Aws;
using BakeWorker.Aws.Iam;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Proofs;
using BakeWorker.EndToEnd.Proofs;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Iam;

/// <summary>The printed policies allow what is done, and nothing else.</summary>
public sealed class LeastPrivilegeTests
{
    private static readonly IamScope Scope = new()
    {
        Account = "123456789012",
        Regions = ["eu-west-1", "us-east-1"],
        Pointers = ["/images/debian-12-base/current"],
        ProofBucket = "proofs",
        ProofPrefix = "proofs/",
        ProofKey = "alias/proofs",
        ProfileRole = "bakeworker-builder",
    };

    [Fact]
    public void WorkersPolicy_IsWhatItsDaysNeed()
    {
        var calls = Workdays
            .All.SelectMany(day => day.Value().Select(call => (Call: call, Day: day.Key)))
            .GroupBy(one => one.Call)
            .ToDictionary(group => group.Key, group => string.Join(", ", group.Select(one => one.Day).Take(2)));
        var needed = calls
            .SelectMany(call => IamActions.For(call.Key).Select(action => (Action: action, call.Key)))
            .ToLookup(one => one.Action);
        var allowed = IamPolicies.Worker(Scope).Actions;

        var missing = needed
            .Where(action => !allowed.Contains(action.Key))
            .Select(action =>
                $"{action.Key} is needed by {string.Join(", ", action.Select(one => one.Key).Distinct())} (day '{calls[action.First().Key]}'), but the "
                + "worker's policy lacks it: add it to a statement of src/BakeWorker.Aws/Iam/Worker*.cs, with the narrowest resource and "
                + "condition that it takes; if IAM names the permission otherwise than the call, say so in the table of IamActions.cs."
            );
        var unused = allowed
            .Where(action => !needed.Contains(action))
            .Select(action =>
                $"{action} is allowed to the worker, but no day of Workdays.cs needs it: remove it from src/BakeWorker.Aws/Iam/Worker*.cs, or add "
                + "to tests/BakeWorker.EndToEnd/Iam/Workdays.cs the day on which it is needed."
            );
        missing.Concat(unused).Should().BeEmpty();
    }

    [Fact]
    public void ReadersPolicy_IsWhatLookingAndVerifyingNeed()
    {
        using var bakery = Bakery.Open();
        var bake = ProvenBake.Of(bakery);
        var calls = new RecordedCalls(bakery.Cloud.CreateHandler(), bakery.Time);
        using var eyes = AwsCloud.Create(new AwsOptions { Region = Bakery.Region }, bakery.Time, calls);
        var proof = new ProofOptions { Bucket = "proofs" };

        bakery.Time.Run(async () =>
        {
            proof.KmsKey = await KeyAsync(bakery);
            await CopyProofsAsync(bakery, proof);
            await eyes.Home.Images.ListAsync((string?)null, CancellationToken.None);
            await eyes.Home.Instances.ListAsync(CancellationToken.None);
            await eyes.Home.Pointers.FindAsync(bake.Recipe.Publish.Pointer!, CancellationToken.None);
            await eyes.OpenKey(proof).FindPublicAsync(CancellationToken.None);
            await new ProofCheck(eyes, eyes.OpenBucket(proof)).CheckAsync(
                new ImageId(bake.Home),
                Bakery.Region,
                TestKey.Shared.Public,
                CancellationToken.None
            );
        });

        IamPolicies.Reader(Scope).Actions.Should().BeEquivalentTo(Workdays.Heard(calls).SelectMany(IamActions.For).Distinct());
    }

    [Fact]
    public void BuildersPolicy_ReachesNothingOfTheBakery() =>
        IamPolicies
            .Builder(Scope)
            .Actions.Should()
            .OnlyContain(action => action.StartsWith("ssmmessages:") || action.StartsWith("ec2messages:") || action.StartsWith("ssm:"))
            .And.NotContain(action => action.Contains("Parameter") || action.Contains("Tags") || action == "ssm:SendCommand")
            // Without these no association runs, and Inspector waits for an inventory until the scan has timed out.
            .And.Contain(["ssm:ListInstanceAssociations", "ssm:GetDocument", "ssm:PutInventory", "ssm:UpdateInstanceAssociationStatus"]);

    [Theory]
    [InlineData("worker")]
    [InlineData("worker-machines")]
    [InlineData("worker-records")]
    [InlineData("builder")]
    [InlineData("reader")]
    public void Policy_IsOneThatIamTakes(string role)
    {
        var text = Policy(role).ToJson();

        var document = JsonNode.Parse(text)!;
        ((string?)document["Version"]).Should().Be("2012-10-17");
        Policy(role).Length.Should().BeLessThan(role == "worker" ? IamPolicy.LongestInline : IamPolicy.LongestManaged);
        var statements = document["Statement"]!.AsArray();
        statements
            .Select(statement => (string)statement!["Sid"]!)
            .Should()
            .OnlyHaveUniqueItems()
            .And.OnlyContain(sid => sid.All(char.IsAsciiLetterOrDigit));
        Policy(role).Actions.Should().OnlyContain(action => !action.Contains('*'));
    }

    [Fact]
    public void WorkersPolicy_InHalves_IsTheSame() =>
        Policy("worker-machines")
            .Statements.Concat(Policy("worker-records").Statements)
            .Select(statement => statement.Sid)
            .Distinct()
            .Should()
            .BeEquivalentTo(Policy("worker").Statements.Select(statement => statement.Sid));

    /// <summary>Where something is changed, a tag, a name or a service says what; only looking is free, within the Regions.</summary>
    [Fact]
    public void WorkersPolicy_ChangesOnlyWhatIsOurs()
    {
        foreach (var statement in IamPolicies.Worker(Scope).Statements.Where(statement => !statement.IsDenial))
        {
            var isLooking = statement.Actions.All(action =>
                action.Split(':')[1].StartsWith("Describe")
                || action.Split(':')[1].StartsWith("Get")
                || action.Split(':')[1].StartsWith("List")
            );
            var isLimited =
                statement.Resources.All(resource => resource != "*")
                && (
                    statement.Conditions.Any(condition =>
                        condition.Key.Contains("bakeworker:bake-id")
                        || condition.Key is "ec2:CreateAction" or "iam:PassedToService" or "kms:ViaService" or "kms:ResourceAliases"
                    )
                    || statement.Sid
                        is "LaunchFrom"
                            or "RunThese"
                            or "ReadBases"
                            or "Point"
                            or "SwitchTemplates"
                            or "KeepSchedules"
                            or "TakeAndAnswer"
                            or "KeepProofs"
                );
            (isLooking || isLimited || statement.Sid is "FollowCommands" or "Scan").Should().BeTrue(statement.Sid);
        }
    }

    [Theory]
    [InlineData("worker")]
    [InlineData("worker-machines")]
    [InlineData("worker-records")]
    [InlineData("builder")]
    [InlineData("reader")]
    public void Policy_EndsAtTheRegions(string role)
    {
        var denial = Policy(role).Statements.Should().ContainSingle(statement => statement.IsDenial).Which;

        denial
            .Conditions.Should()
            .ContainSingle()
            .Which.Should()
            .BeEquivalentTo(new IamCondition("StringNotEquals", "aws:RequestedRegion", Scope.Regions));
        Policy(role)
            .Actions.Select(action => action.Split(':')[0])
            .Except(["iam", "s3"])
            .Should()
            .BeSubsetOf(denial.Actions.Select(action => action.Split(':')[0]), "only roles and buckets belong to no Region");
    }

    private static IamPolicy Policy(string role) =>
        role switch
        {
            "worker" => IamPolicies.Worker(Scope),
            "worker-machines" => IamPolicies.WorkersMachines(Scope),
            "worker-records" => IamPolicies.WorkersRecords(Scope),
            "builder" => IamPolicies.Builder(Scope),
            _ => IamPolicies.Reader(Scope),
        };

    private static async Task<string> KeyAsync(Bakery bakery)
    {
        var request = new Amazon.KeyManagementService.Model.CreateKeyRequest
        {
            KeySpec = Amazon.KeyManagementService.KeySpec.ECC_NIST_P256,
            KeyUsage = Amazon.KeyManagementService.KeyUsageType.SIGN_VERIFY,
        };
        return (await bakery.Clients.Kms.CreateKeyAsync(request)).KeyMetadata.KeyId;
    }

    private static async Task CopyProofsAsync(Bakery bakery, ProofOptions proof)
    {
        await bakery.Clients.S3.PutBucketAsync(proof.Bucket);
        using var writer = AwsCloud.Create(new AwsOptions { Region = Bakery.Region }, bakery.Time, bakery.Cloud.CreateHandler());
        foreach (var (path, content) in bakery.Proofs.Documents)
        {
            await writer.OpenBucket(proof).EnsureAsync(path, content, CancellationToken.None);
        }
    }
}
