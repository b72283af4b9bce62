using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;

namespace BakeWorker.LocalCloud.Tests.Ssm;

public sealed class ParameterTests : IAsyncDisposable
{
    private const string Minimal = "/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-x86_64";
    private readonly CloudWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private IAmazonSimpleSystemsManagement Ssm => _world.Clients.Ssm;

    [Fact]
    public async Task Parameter_WrittenTwice_KeepsBothVersions()
    {
        (await PutAsync("/app/version", "1")).Version.Should().Be(1);
        (await PutAsync("/app/version", "2", request => request.Overwrite = true)).Version.Should().Be(2);

        var latest = (await GetAsync("/app/version"))!;
        (latest.Value, latest.Version, latest.DataType).Should().Be(("2", 2, "text"));
        latest.ARN.Should().Be("arn:aws:ssm:eu-west-1:123456789012:parameter/app/version");
        var first = (await GetAsync("/app/version:1"))!;
        (first.Value, first.Selector).Should().Be(("1", ":1"));
        (await GetAsync(latest.ARN))!.Value.Should().Be("2");
        var history = await Ssm.GetParameterHistoryAsync(new() { Name = "/app/version" }, Ct);
        history.Parameters.Select(version => version.Value).Should().Equal("1", "2");
        await FluentActions.Awaiting(() => GetAsync("/app/version:9")).Should().ThrowAsync<ParameterVersionNotFoundException>();
        await FluentActions.Awaiting(() => GetAsync("/app/other")).Should().ThrowAsync<ParameterNotFoundException>();
    }

    public static TheoryData<string, Action<PutParameterRequest>> Wrong =>
        new()
        {
            { "ParameterAlreadyExists", request => request.Name = "/there" },
            {
                "HierarchyTypeMismatchException",
                request => (request.Name, request.Overwrite, request.Type) = ("/there", true, "StringList")
            },
            {
                "ValidationException",
                request =>
                    (request.Name, request.Overwrite, request.DataType, request.Value) = (
                        "/there",
                        true,
                        "aws:ec2:image",
                        "ami-0123456789abcdef0"
                    )
            },
            { "ValidationException", request => request.Type = null },
            { "ValidationException", request => request.Value = "" },
            { "ValidationException", request => request.Value = "{{ssm:/there}}" },
            { "ValidationException", request => request.Value = new string('x', 4097) },
            { "ValidationException", request => (request.Value, request.Tier) = (new string('x', 8193), "Advanced") },
            { "ValidationException", request => request.Name = "a b" },
            { "ValidationException", request => request.Name = "no/leading/slash" },
            { "ValidationException", request => request.Name = "/ends/" },
            { "ValidationException", request => request.Name = "ssmthing" },
            { "ValidationException", request => request.Name = "/AWSome/x" },
            { "ValidationException", request => request.Name = "/" + new string('n', 1000) },
            { "AccessDeniedException", request => request.Name = "/aws/service/mine" },
            { "HierarchyLevelLimitExceededException", request => request.Name = string.Concat(Enumerable.Repeat("/x", 16)) },
            { "ValidationException", request => request.DataType = "number" },
            { "ValidationException", request => (request.DataType, request.Value) = ("aws:ec2:image", "ami-soon") },
            { "InvalidAllowedPatternException", request => request.AllowedPattern = "(" },
            { "ParameterPatternMismatchException", request => request.AllowedPattern = "^[0-9]+$" },
            {
                "ValidationException",
                request => (request.Name, request.Overwrite, request.Tags) = ("/there", true, [new() { Key = "a", Value = "b" }])
            },
            { "ValidationException", request => request.Tags = [new() { Key = "aws:x", Value = "b" }] },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Put_WithSomethingWrong_IsRefusedAndChangesNothing(string code, Action<PutParameterRequest> spoil)
    {
        await PutAsync("/there", "old");

        var refused = await FluentActions
            .Awaiting(() => PutAsync("/new", "value", spoil))
            .Should()
            .ThrowAsync<AmazonSimpleSystemsManagementException>();

        refused.Which.ErrorCode.Should().Be(code);
        var all = await Ssm.DescribeParametersAsync(new(), Ct);
        all.Parameters.Select(parameter => (parameter.Name, parameter.Version)).Should().Equal(("/there", 1));
    }

    [Fact]
    public async Task ImageParameter_OfAnImageThatIsThere_AppearsAfterItsCheck()
    {
        var image = (await GetAsync(Minimal))!.Value;

        var put = await PutAsync("/images/base", image, request => request.DataType = "aws:ec2:image");
        put.Version.Should().Be(1);
        await FluentActions
            .Awaiting(() => GetAsync("/images/base"))
            .Should()
            .ThrowAsync<ParameterNotFoundException>("it is not checked yet");
        await FluentActions
            .Awaiting(() => PutAsync("/images/base", image, request => request.DataType = "aws:ec2:image"))
            .Should()
            .ThrowAsync<TooManyUpdatesException>();
        _world.PassSeconds(5);

        var found = (await GetAsync("/images/base"))!;
        (found.Value, found.Version, found.DataType).Should().Be((image, 1, "aws:ec2:image"));
    }

    [Fact]
    public async Task ImageParameter_OfAnImageThatIsNot_SilentlyStaysAsItWas()
    {
        var image = (await GetAsync(Minimal))!.Value;
        await PutAsync("/images/base", image, request => request.DataType = "aws:ec2:image");
        _world.PassSeconds(5);

        var put = await PutAsync("/images/base", "ami-0000000000000dead", request => request.Overwrite = true);
        put.Version.Should().Be(2, "AWS answers before it looks");
        _world.PassSeconds(60);

        var found = (await GetAsync("/images/base"))!;
        (found.Value, found.Version).Should().Be((image, 1));
    }

    [Fact]
    public async Task ImageParameter_WhoseWriteIsLost_StaysAsItWas_AndTheNextWriteCounts()
    {
        var image = (await GetAsync(Minimal))!.Value;
        _world.Cloud.Faults.Plan.LoseParameterWrites("/images/*");

        (await PutAsync("/images/base", image, request => request.DataType = "aws:ec2:image")).Version.Should().Be(1);
        _world.PassSeconds(60);
        await FluentActions.Awaiting(() => GetAsync("/images/base")).Should().ThrowAsync<ParameterNotFoundException>();

        await PutAsync("/images/base", image, request => request.DataType = "aws:ec2:image");
        _world.PassSeconds(5);
        (await GetAsync("/images/base"))!.Version.Should().Be(1);
    }

    [Fact]
    public async Task GetParameters_OfSomeThatExist_NamesTheOthers()
    {
        await PutAsync("/a", "1");

        var answer = await Ssm.GetParametersAsync(new() { Names = ["/a", "/b", "/a:7", Minimal] }, Ct);

        answer.Parameters.Select(parameter => parameter.Name).Should().Equal("/a", Minimal);
        answer.InvalidParameters.Should().Equal("/b", "/a:7");
        var tooMany = new GetParametersRequest { Names = [.. Enumerable.Range(0, 11).Select(i => $"/p{i}")] };
        var refused = await FluentActions
            .Awaiting(() => Ssm.GetParametersAsync(tooMany, Ct))
            .Should()
            .ThrowAsync<AmazonSimpleSystemsManagementException>();
        refused.Which.ErrorCode.Should().Be("ValidationException");
    }

    [Fact]
    public async Task Path_ListsOneLevelOrAll_InPages()
    {
        for (var i = 0; i < 12; i++)
        {
            await PutAsync($"/app/p{i:00}", "x");
        }

        await PutAsync("/app/deep/er", "x");
        await PutAsync("/apple", "x");

        (await PathAsync("/app", recursive: false)).Should().HaveCount(12).And.NotContain("/app/deep/er");
        (await PathAsync("/app/", recursive: true)).Should().HaveCount(13).And.NotContain("/apple");
        (await PathAsync("/aws/service/debian", recursive: true)).Should().Contain("/aws/service/debian/release/12/latest/amd64");
        (await PathAsync("/", recursive: true)).Should().HaveCount(14, "published parameters are only under their own path");
    }

    [Fact]
    public async Task Labels_MoveBetweenVersions_AndBadOnesAreReported()
    {
        await PutAsync("/a", "one");
        await PutAsync("/a", "two", request => request.Overwrite = true);
        var labelled = await Ssm.LabelParameterVersionAsync(
            new()
            {
                Name = "/a",
                ParameterVersion = 1,
                Labels = ["stable", "1st", "aws-x"],
            },
            Ct
        );
        labelled.InvalidLabels.Should().Equal("1st", "aws-x");
        (await GetAsync("/a:stable"))!.Value.Should().Be("one");

        (await Ssm.LabelParameterVersionAsync(new() { Name = "/a", Labels = ["stable"] }, Ct)).ParameterVersion.Should().Be(2);

        (await GetAsync("/a:stable"))!.Value.Should().Be("two");
        var removed = await Ssm.UnlabelParameterVersionAsync(
            new()
            {
                Name = "/a",
                ParameterVersion = 2,
                Labels = ["stable", "none"],
            },
            Ct
        );
        (removed.RemovedLabels.Single(), removed.InvalidLabels.Single()).Should().Be(("stable", "none"));
    }

    [Fact]
    public async Task Versions_BeyondAHundred_DropTheOldestUnlessItIsLabelled()
    {
        await PutAsync("/a", "v1");
        for (var i = 2; i <= 101; i++)
        {
            await PutAsync("/a", $"v{i}", request => request.Overwrite = true);
        }

        await FluentActions.Awaiting(() => GetAsync("/a:1")).Should().ThrowAsync<ParameterVersionNotFoundException>();
        await Ssm.LabelParameterVersionAsync(
            new()
            {
                Name = "/a",
                ParameterVersion = 2,
                Labels = ["keep"],
            },
            Ct
        );
        await FluentActions
            .Awaiting(() => PutAsync("/a", "v102", request => request.Overwrite = true))
            .Should()
            .ThrowAsync<ParameterMaxVersionLimitExceededException>();
    }

    [Fact]
    public async Task SecureString_IsShownOnlyWithDecryption()
    {
        await PutAsync("/secret", "hunter2", request => request.Type = ParameterType.SecureString);

        (await GetAsync("/secret"))!.Value.Should().NotContain("hunter2");
        (await Ssm.GetParameterAsync(new() { Name = "/secret", WithDecryption = true }, Ct)).Parameter.Value.Should().Be("hunter2");
    }

    [Fact]
    public async Task Describe_WithFilters_ShowsMetadataOfThose()
    {
        await PutAsync(
            "/app/a",
            "1",
            request => (request.Description, request.Tags) = ("the first", [new() { Key = "team", Value = "x" }])
        );
        await PutAsync("/app/b", "1,2", request => request.Type = ParameterType.StringList);
        await PutAsync("/other", "1");

        (await DescribeAsync("Name", "BeginsWith", "/app")).Should().Equal("/app/a", "/app/b");
        (await DescribeAsync("Name", "Contains", "oth")).Should().Equal("/other");
        (await DescribeAsync("Path", "Recursive", "/app")).Should().Equal("/app/a", "/app/b");
        (await DescribeAsync("Type", null, "StringList")).Should().Equal("/app/b");
        (await DescribeAsync("tag:team", null, "x")).Should().Equal("/app/a");
        await FluentActions.Awaiting(() => DescribeAsync("Type", "Sounds", "x")).Should().ThrowAsync<InvalidFilterOptionException>();
        await FluentActions.Awaiting(() => DescribeAsync("Colour", null, "x")).Should().ThrowAsync<InvalidFilterKeyException>();
    }

    [Fact]
    public async Task Tags_OfAParameter_CanBeChanged()
    {
        await PutAsync("/a", "1");
        var (type, id) = (ResourceTypeForTagging.Parameter, "/a");
        await Ssm.AddTagsToResourceAsync(
            new()
            {
                ResourceType = type,
                ResourceId = id,
                Tags = [new() { Key = "x", Value = "1" }, new() { Key = "y", Value = "2" }],
            },
            Ct
        );
        await Ssm.RemoveTagsFromResourceAsync(
            new()
            {
                ResourceType = type,
                ResourceId = id,
                TagKeys = ["x"],
            },
            Ct
        );

        var tags = (await Ssm.ListTagsForResourceAsync(new() { ResourceType = type, ResourceId = id }, Ct)).TagList;

        tags.Select(tag => (tag.Key, tag.Value)).Should().Equal(("y", "2"));
        await FluentActions
            .Awaiting(() => Ssm.ListTagsForResourceAsync(new() { ResourceType = type, ResourceId = "/none" }, Ct))
            .Should()
            .ThrowAsync<InvalidResourceIdException>();
    }

    [Fact]
    public async Task Delete_RemovesAndSaysWhatWasNotThere()
    {
        await PutAsync("/a", "1");
        await PutAsync("/b", "1");

        await Ssm.DeleteParameterAsync(new() { Name = "/a" }, Ct);
        var many = await Ssm.DeleteParametersAsync(new() { Names = ["/a", "/b"] }, Ct);

        (many.DeletedParameters.Single(), many.InvalidParameters.Single()).Should().Be(("/b", "/a"));
        await FluentActions
            .Awaiting(() => Ssm.DeleteParameterAsync(new() { Name = "/a" }, Ct))
            .Should()
            .ThrowAsync<ParameterNotFoundException>();
    }

    [Fact]
    public async Task Parameters_InADataFolder_SurviveARestartButSecretsDoNot()
    {
        var folder = Directory.CreateTempSubdirectory("parameters").FullName;
        var options = new LocalCloudOptions { DataFolder = folder };
        try
        {
            await using (var first = new CloudWorld(options))
            {
                await PutAsync("/images/current", "old", world: first);
                await PutAsync("/images/current", "new", request => request.Overwrite = true, first);
                await PutAsync("/secret", "hunter2", request => request.Type = ParameterType.SecureString, first);
            }

            await using var second = new CloudWorld(options);
            var found = (await second.Clients.Ssm.GetParameterAsync(new() { Name = "/images/current" }, Ct)).Parameter;
            (found.Value, found.Version).Should().Be(("new", 2));
            (await second.Clients.Ssm.DescribeParametersAsync(new(), Ct)).Parameters.Should().ContainSingle();
            Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(File.ReadAllText)
                .Should()
                .NotContain(text => text.Contains("hunter2"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<PutParameterResponse> PutAsync(
        string name,
        string value,
        Action<PutParameterRequest>? change = null,
        CloudWorld? world = null
    )
    {
        var request = new PutParameterRequest
        {
            Name = name,
            Value = value,
            Type = ParameterType.String,
        };
        change?.Invoke(request);
        return await (world ?? _world).Clients.Ssm.PutParameterAsync(request, Ct);
    }

    private async Task<Parameter?> GetAsync(string name) => (await Ssm.GetParameterAsync(new() { Name = name }, Ct)).Parameter;

    private async Task<List<string>> PathAsync(string path, bool recursive)
    {
        var names = new List<string>();
        var request = new GetParametersByPathRequest { Path = path, Recursive = recursive };
        do
        {
            var page = await Ssm.GetParametersByPathAsync(request, Ct);
            page.Parameters.Count.Should().BeLessThanOrEqualTo(10);
            names.AddRange(page.Parameters.Select(parameter => parameter.Name));
            request.NextToken = page.NextToken;
        } while (request.NextToken is not null);

        return names;
    }

    private async Task<IEnumerable<string>> DescribeAsync(string key, string? option, string value)
    {
        var request = new DescribeParametersRequest
        {
            ParameterFilters =
            [
                new()
                {
                    Key = key,
                    Option = option,
                    Values = [value],
                },
            ],
        };
        return (await Ssm.DescribeParametersAsync(request, Ct)).Parameters.Select(parameter => parameter.Name);
    }
}
