using System.Text.Json.Nodes;
using BakeWorker.Aws.Iam;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Proofs;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Scheduling;
using BakeWorker.Hosting;
using BakeWorker.Settings;
using BakeWorker.Testing;
using BakeWorker.Tests.Commands;

namespace BakeWorker.Tests.Deploy;

/// <summary>deploy/cloudformation makes what the worker needs, and nothing that lets anybody in.</summary>
public sealed class TemplateTests : IDisposable
{
    private static readonly (string, string) Image = ("Image", "bakeworker:1");
    private readonly CommandLine _line = new();
    private readonly Template _template = new(Image);

    public void Dispose() => _line.Dispose();

    [Fact]
    public void References_LeadSomewhere_WhateverIsChosen()
    {
        Template chosen = new(
            Image,
            ("Regions", "eu-central-1,eu-west-1"),
            ("MorePolicies", "arn:aws:iam::111122223333:policy/more"),
            ("NightlySchedule", "cron(0 3 * * ? *)"),
            ("AlarmTopic", "arn:aws:sns:eu-central-1:111122223333:night")
        );

        chosen.Resources.Should().HaveCountGreaterThan(_template.Resources.Count).And.ContainKey("NightlyRequest");
        _template.Resources.Should().NotContainKey("NightlyRequest");
        chosen.Outputs.Should().NotBeEmpty();
        _template.Outputs.Should().NotBeEmpty();
    }

    [Fact]
    public void WorkerRole_MayExactlyWhatPolicyIamPrints()
    {
        var template = new Template(Image, ("Regions", "eu-central-1,eu-west-1"));
        var scope = new IamScope
        {
            Account = Template.Account,
            Pointers = ["/images/*"],
            Schedules = new ScheduleOptions().Parameters,
            Queues = [.. Queues(template).Append("bakeworker-reply-*")],
            ProfileRole = "BuilderRole",
            ProofBucket = "ProofBucket",
            ProofPrefix = new ProofOptions().Prefix,
            ProofKey = $"arn:aws:kms:{Template.Region}:{Template.Account}:key/ProofKey",
        };

        // A template cannot write a host name for each of some Regions; the denial at its end limits them all the same.
        var bound = IamPolicies
            .Worker(scope with { Regions = ["eu-central-1", "eu-west-1"] })
            .Statements.Where(statement => statement.IsDenial);
        Statements(template, "WorkerRole").Should().Equal(BySid(new IamPolicy([.. IamPolicies.Worker(scope).Statements, .. bound])));
    }

    [Fact]
    public void BuilderRole_MayExactlyWhatPolicyIamPrints() =>
        Statements(_template, "BuilderRole")
            .Should()
            .Equal(BySid(IamPolicies.Builder(new IamScope { Account = Template.Account, Regions = [Template.Region] })));

    [Fact]
    public async Task RequesterPolicy_IsWhatSubmitCalls()
    {
        await using var account = await AccountAtWork.OpenAsync();
        await account.Clients.Sqs.CreateQueueAsync("bake-requests");

        await account.RunAsync("submit", "debian-12-base", "--wait", "--timeout", "5s");

        // Nobody answered, so there was nothing to put back or to remove.
        var called = account.Calls.SelectMany(IamActions.For).Concat(["sqs:ChangeMessageVisibility", "sqs:DeleteMessage"]).Distinct();
        _template.Properties("RequesterPolicy")["PolicyDocument"]!["Statement"]!
            .AsArray()
            .SelectMany(statement => statement!["Action"]!.AsArray().Select(action => (string)action!))
            .Should()
            .BeEquivalentTo(called);
    }

    [Fact]
    public void PointerPath_IsWhereTheShippedRecipesPublish()
    {
        var recipes = RecipeCatalog.Load(new RecipeSource(Checkout.File("recipes"), TimeProvider.System)).Recipes;

        recipes.Select(recipe => recipe.Publish.Pointer).Should().NotBeEmpty().And.OnlyContain(pointer => pointer!.StartsWith("/images/"));
        recipes.SelectMany(recipe => recipe.Steps).Should().NotContain(step => step.Document != null, "the role would need a policy more");
    }

    [Fact]
    public void Environment_IsSettingsThatTheWorkerTakes()
    {
        var settings = Settings(_template);

        settings.Aws.Queue.Should().Be("bake-requests");
        Queues(_template)
            .Should()
            .BeEquivalentTo(
                settings.Aws.Queue,
                settings.Aws.NightlyQueue,
                settings.Aws.DeadLetterQueue,
                settings.Aws.ResultsQueue,
                settings.Aws.EventsQueue
            );
        settings.Bakery.BuilderSubnets.Should().Equal("BuilderA", "BuilderB");
        settings.Bakery.SandboxSubnets.Should().Equal("SandboxA", "SandboxB");
        settings.Bakery.InstanceProfile.Should().Be("BuilderProfile");
        settings.Proof.Bucket.Should().Be("ProofBucket");
        settings.Consumer.Concurrency.Should().Be(new ConsumerOptions().Concurrency);
        settings.Schedule.Parameters.Should().Be(new ScheduleOptions().Parameters);
    }

    [Fact]
    public void NightlySchedule_SendsARequest_InPlaceOfTheWorkersOwnSchedules()
    {
        var template = new Template(Image, ("NightlySchedule", "cron(0 3 * * ? *)"));

        var body = ((string)template.Properties("NightlyRequest")["Target"]!["Input"]!).Replace(
            "<aws.scheduler.scheduled-time>",
            "2030-01-31T03:00:00Z"
        );
        var request = BakeRequestReader.Read(body, "message");
        request.Problems.Should().BeEmpty();
        request.Request!.Recipe.Should().Be(BakeRequest.EveryRecipe);
        Settings(template).Schedule.Parameters.Should().BeEmpty();
    }

    [Fact]
    public void Queues_KeepWhatFailsAndTakeNothingInTheClear()
    {
        foreach (var name in (string[])["Requests", "Nightly"])
        {
            var queue = _template.Properties(name);
            ((string?)queue["RedrivePolicy"]!["deadLetterTargetArn"]).Should().EndWith(":bake-requests-dead");
            ((string?)queue["RedrivePolicy"]!["maxReceiveCount"]).Should().Be("100");
            Number(queue["VisibilityTimeout"]).Should().Be((int)new ConsumerOptions().Visibility.TotalSeconds);
            Number(queue["MessageRetentionPeriod"])
                .Should()
                .BeLessThan(Number(_template.Properties("DeadLetters")["MessageRetentionPeriod"]));
        }

        _template.OfType("AWS::SQS::Queue").Should().OnlyContain(queue => (string?)queue["SqsManagedSseEnabled"] == "true");
        var named = _template
            .OfType("AWS::SQS::QueuePolicy")
            .Where(IsOnlyByTls)
            .SelectMany(policy => policy["Queues"]!.AsArray().Select(queue => (string?)queue));
        named
            .Should()
            .BeEquivalentTo(_template.Resources.Where(one => (string?)one.Value["Type"] == "AWS::SQS::Queue").Select(one => one.Key));
        IsOnlyByTls(_template.Properties("ProofBucketOnlyByTls")).Should().BeTrue();
    }

    [Fact]
    public void WakeUp_IsTheRuleOfTheDocs()
    {
        var page = File.ReadAllText(Checkout.File("docs/operations.md"));
        var from = page.IndexOf("{ \"source\"", StringComparison.Ordinal);
        var shown = JsonNode.Parse(page[from..page.IndexOf("```", from, StringComparison.Ordinal)])!;

        Sorted(_template.Properties("WakeUp")["EventPattern"]!).Should().Be(Sorted(shown));
    }

    [Fact]
    public void Network_LetsNobodyIn()
    {
        var doors = _template
            .OfType("AWS::EC2::SecurityGroup")
            .SelectMany(group => group["SecurityGroupIngress"]?.AsArray() ?? [])
            .ToList();

        doors
            .Should()
            .HaveCount(3)
            .And.OnlyContain(door => door!["SourceSecurityGroupId"] != null && door["CidrIp"] == null && door["CidrIpv6"] == null);
        doors.Should().OnlyContain(door => (string?)door!["FromPort"] == "443" && (string?)door["ToPort"] == "443");
        _template.Resources.Values.Should().NotContain(resource => (string?)resource["Type"] == "AWS::EC2::SecurityGroupIngress");
        _template.OfType("AWS::EC2::Subnet").Should().OnlyContain(subnet => (string?)subnet["MapPublicIpOnLaunch"] == "false");
    }

    [Fact]
    public void Sandbox_HasNoWayOutButSsm()
    {
        var routes = _template.OfType("AWS::EC2::Route").Select(route => (string?)route["RouteTableId"]);
        routes.Should().BeEquivalentTo("PublicRoutes", "BuilderRoutes");
        foreach (var subnet in (string[])["SandboxA", "SandboxB"])
        {
            ((string?)_template.Properties($"RoutesOf{subnet}")["RouteTableId"]).Should().Be("SandboxRoutes");
        }

        var endpoints = _template.OfType("AWS::EC2::VPCEndpoint").ToLookup(endpoint => (string?)endpoint["VpcEndpointType"]);
        endpoints["Interface"]
            .Select(endpoint => ((string)endpoint["ServiceName"]!).Split('.')[^1])
            .Should()
            .BeEquivalentTo("ssm", "ssmmessages", "ec2messages");
        endpoints["Interface"].Should().OnlyContain(endpoint => Sorted(endpoint["SubnetIds"]!) == "[SandboxA,SandboxB]");
        var s3 = endpoints["Gateway"].Should().ContainSingle().Subject;
        Sorted(s3["RouteTableIds"]!).Should().Be("[SandboxRoutes]");
        Sorted(s3["PolicyDocument"]!["Statement"]![0]!["Resource"]!).Should().NotContain("[*").And.NotContain(",*");
    }

    [Fact]
    public void Container_CanDoLittleAndIsGivenTimeToHandOver()
    {
        var container = _template.Properties("Task")["ContainerDefinitions"]![0]!;

        ((string?)container["ReadonlyRootFilesystem"]).Should().Be("true");
        ((string?)container["User"]).Should().NotBe("0").And.NotBeNullOrEmpty();
        Number(container["StopTimeout"]).Should().BeGreaterThan((int)BakeWorkerHost.StopPatience.TotalSeconds).And.BeLessThanOrEqualTo(120);
        ((string?)_template.Properties("Service")["DeploymentConfiguration"]!["DeploymentCircuitBreaker"]!["Rollback"]).Should().Be("true");
        var check = container["HealthCheck"]!["Command"]!.AsArray().Select(word => (string)word!).ToList();
        check[..2].Should().Equal("CMD", "/app/bakeworker");
        // Told that there is nowhere to ask, the command that asks says so; another word would not be understood.
        _line.Run([.. check[2..], "--set", "Web:Listen="]).Should().Be(2);
        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("Web:Listen is empty");
    }

    private static IEnumerable<string> Queues(Template template) =>
        template.OfType("AWS::SQS::Queue").Select(queue => (string)queue["QueueName"]!);

    private WorkerSettings Settings(Template template)
    {
        _line.Environment.Clear();
        foreach (var variable in template.Properties("Task")["ContainerDefinitions"]![0]!["Environment"]!.AsArray())
        {
            _line.Environment[(string)variable!["Name"]!] = (string)variable["Value"]!;
        }

        _line.Environment.Keys.Should().OnlyContain(name => name.StartsWith("BAKEWORKER__") || name == "AWS_REGION");
        return LoadedSettings
            .Load(_line.Shell(_line.Time), SettingArguments.None, null, SettingsRules.Launching, SettingsRules.Queue)
            .Worker;
    }

    private static bool IsOnlyByTls(JsonObject policy) =>
        policy["PolicyDocument"]!["Statement"]!
            .AsArray()
            .Any(statement =>
                (string?)statement!["Effect"] == "Deny" && (string?)statement["Condition"]?["Bool"]?["aws:SecureTransport"] == "false"
            );

    private static Dictionary<string, string> Statements(Template template, string role) =>
        BySid(template.Properties(role)["Policies"]![0]!["PolicyDocument"]!);

    private static Dictionary<string, string> BySid(IamPolicy policy) => BySid(JsonNode.Parse(policy.ToJson())!);

    private static Dictionary<string, string> BySid(JsonNode document) =>
        document["Statement"]!.AsArray().ToDictionary(statement => (string)statement!["Sid"]!, statement => Sorted(statement!));

    // IAM and EventBridge do not mind the order.
    private static string Sorted(JsonNode node) =>
        node switch
        {
            JsonArray list => $"[{string.Join(',', list.Select(item => Sorted(item!)).Order(StringComparer.Ordinal))}]",
            JsonObject map =>
                $"{{{string.Join(',', map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{Sorted(pair.Value!)}"))}}}",
            _ => node.ToString(),
        };

    private static int Number(JsonNode? node) => int.Parse((string)node!, null);
}
