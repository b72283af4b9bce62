using System.Text.Json.Nodes;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Proofs;
using BakeWorker.Core.Recipes;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;
using NJsonSchema;
using Image = BakeWorker.Core.Cloud.Image;

namespace BakeWorker.EndToEnd.Proofs;

/// <summary>What is kept of every published image, and that it comes before anybody can see the image.</summary>
public sealed class ProofTests : IDisposable
{
    private readonly Bakery _bakery = Bakery.Open();

    public void Dispose() => _bakery.Dispose();

    [Fact]
    public void Published_ImageAndCopies_CarryTheDigestOfOneSignedStatement()
    {
        var bake = ProvenBake.Of(_bakery, Widely(_bakery.Recipe()));

        var digest = $"sha256:{ProvenBake.Sha256(bake.Envelope)}";
        bake.Result.Provenance!.Digest.Should().Be(digest);
        foreach (var (region, image) in bake.Result.Images)
        {
            Find(region, image).Proof.Should().Be(digest);
            bake.Provenance["subject"]!
                .AsArray()
                .Select(one => (string)one!["digest"]!["arn"]!)
                .Should()
                .Contain($"arn:aws:ec2:{region}::image/{image}");
        }

        Dsse.Open(bake.Envelope, Dsse.InToto, TestKey.Shared.Public).Should().NotBeNull();
        _bakery.Proofs.Documents.Should().HaveCount(6);
        bake.Byproducts.Select(one => (string)one["annotations"]!["kind"]!)
            .Should()
            .BeEquivalentTo("sbom", "tests", "scan", "changes", "run");
        bake.Byproducts.Should()
            .OnlyContain(one =>
                (string)one["digest"]!["sha256"]! == ProvenBake.Sha256(_bakery.Proofs.Documents[$"{bake.Folder}/{one["name"]}"])
            );
    }

    [Fact]
    public void Provenance_ExplainsTheImage_FromBaseToScripts()
    {
        var recipe = _bakery.Recipe();
        var bake = ProvenBake.Of(_bakery);

        var (external, materials) = (bake.Definition["externalParameters"]!, bake.Definition["resolvedDependencies"]!.AsArray());
        ((string?)external["recipe"]!["digest"]).Should().Be(recipe.Digest);
        ((string?)external["parameters"]!["appVersion"]).Should().Be("1.0.0");
        ((string?)external["requestId"]).Should().Be("test-1");
        var source = Named(materials, "base");
        ((string?)source["uri"]).Should().Be($"arn:aws:ec2:eu-west-1::image/{bake.Result.BaseImage}");
        ((string?)source["annotations"]!["parameter"]).Should().Be(recipe.Base.Parameter);
        ((string?)bake.Definition["internalParameters"]!["policy"]).Should().Be("defaults");
        bake.Definition["internalParameters"]!["gates"]!["rules"]!
            .AsArray()
            .Select(rule => (string)rule!)
            .Should()
            .Contain("recipe: no findings of severity critical");
        materials.Select(one => (string)one!["name"]!).Should().Contain(["built-in seal", "built-in hygiene/builder", "built-in checks/1"]);
        foreach (var step in recipe.Steps)
        {
            ((string?)Named(materials, $"step {step.Name}")["digest"]!["sha256"]).Should().Be(ProvenBake.Sha256(step.Script!));
        }

        foreach (var test in recipe.Tests)
        {
            ((string?)Named(materials, $"test {test.Name}")["digest"]!["sha256"]).Should().Be(ProvenBake.Sha256(test.Script));
        }

        ((string?)bake.Run["builder"]!["id"]).Should().Be("urn:bakeworker:123456789012:eu-west-1");
        ((string?)bake.Run["metadata"]!["invocationId"]).Should().Be(bake.Result.BakeId);
        bake.Document("run")["stages"]!
            .AsArray()
            .Select(stage => (string)stage!["name"]!)
            .Should()
            .Contain(["apply-steps", "boot-test", "judge"]);
    }

    [Fact]
    public void Provenance_NamesThePolicyItWasJudgedBy()
    {
        var digest = $"sha256:{ProvenBake.Sha256("the operator's file")}";
        using var bakery = Bakery.Open(register: services =>
            services.AddSingleton(
                new OperatorPolicy
                {
                    Digest = digest,
                    Findings = new BlockSpec { Score = 9 },
                }
            )
        );

        var definition = ProvenBake.Of(bakery).Definition;

        ((string?)definition["internalParameters"]!["policy"]).Should().Be(digest);
        definition["internalParameters"]!["gates"]!["rules"]!
            .ToJsonString()
            .Should()
            .Contain("policy: no findings with an Inspector score of 9");
        var named = Named(definition["resolvedDependencies"]!.AsArray(), "policy");
        $"sha256:{named["digest"]!["sha256"]}".Should().Be(digest);
    }

    [Fact]
    public void Provenance_ParameterNamedLikeASecret_IsWithheld()
    {
        var recipe = _bakery.Recipe();
        recipe = recipe with
        {
            Parameters = new Dictionary<string, ParameterSpec>(recipe.Parameters)
            {
                ["apiToken"] = new()
                {
                    Name = "apiToken",
                    Pattern = ".*",
                    Default = "hunter2-hunter2",
                },
            },
        };

        var bake = ProvenBake.Of(_bakery, recipe);

        ((string?)bake.Definition["externalParameters"]!["parameters"]!["apiToken"]).Should().Be("(withheld)");
        bake.Provenance.ToJsonString().Should().NotContain("hunter2");
    }

    [Fact]
    public void Tests_AndScan_SayWhatPassedAndWhatWasFound()
    {
        _bakery.Scenario.Guest().Packages(new PackageList("Debian:12", [new Package("libssl3", "3.0.9-1", "openssl", "amd64")]));
        var recipe = _bakery.Recipe();
        var lax = recipe with { Scan = recipe.Scan with { Block = new BlockSpec { Severity = Severity.Critical } } };
        var tolerated = Findings(ProvenBake.Of(_bakery, lax, "lax"));
        tolerated.Should().NotBeEmpty().And.OnlyContain(one => (string)one["annotations"]![0]!["verdict"]! == "tolerated");
        var waivers = tolerated.SelectMany(one => new[] { Waive(one, "another-package", "ben"), Waive(one, "libssl3", "ana") });

        var bake = ProvenBake.Of(
            _bakery,
            recipe with
            {
                Scan = recipe.Scan with
                {
                    Waivers = [.. waivers],
                    Block = new BlockSpec { Severity = Severity.Low },
                },
            },
            "strict"
        );

        var tests = bake.Document("tests")["predicate"]!;
        ((string?)tests["result"]).Should().Be("PASSED");
        tests["passedTests"]!.AsArray().Select(test => (string)test!).Should().Contain(recipe.Tests.Select(test => test.Name));
        var note = Findings(bake)[0]["annotations"]![0]!;
        ((string?)note["package"], (string?)note["verdict"]).Should().Be(("libssl3", "waived"));
        ((string?)note["waiver"]!["approvedBy"]).Should().Be("ana");
    }

    [Fact]
    public void Changes_AreThoseSinceThePreviousImage()
    {
        var first = ProvenBake.Of(_bakery, requestId: "first");
        first.Document("changes")["previous"].Should().BeNull();
        _bakery
            .Scenario.Command("*/step/install/*")
            .Installs(new Package("curl", "8.0.0-1", "curl", "amd64"), new Package("vim", "9", "vim", "amd64"));

        var second = ProvenBake.Of(_bakery, requestId: "second");

        var changes = second.Document("changes");
        ((string?)changes["previous"]).Should().Be(first.Home);
        changes["added"]!.AsArray().Select(one => (string)one!["package"]!).Should().Equal("vim:amd64");
        changes["removed"]!.AsArray().Should().BeEmpty();
        var change = changes["changed"]!.AsArray().Should().ContainSingle().Which!;
        ((string?)change["package"], (string?)change["from"], (string?)change["to"])
            .Should()
            .Be(("curl:amd64", "7.88.1-10+deb12u14", "8.0.0-1"));
    }

    [Theory]
    [InlineData("debian-12-base", "pkg:deb/debian/")]
    [InlineData("ubuntu-24.04-base", "pkg:deb/ubuntu/")]
    [InlineData("amazon-linux-2023-base", "pkg:rpm/amzn/")]
    public async Task Documents_FitTheirSchemas(string recipe, string url)
    {
        var bake = ProvenBake.Of(_bakery, _bakery.Recipe(recipe));

        var sbom = bake.Document("sbom");
        (await SchemaAsync("cyclonedx-1.5")).Validate(sbom.ToJsonString()).Should().BeEmpty();
        var libraries = sbom["components"]!.AsArray().Where(one => (string)one!["type"]! == "library").ToList();
        libraries.Should().NotBeEmpty().And.OnlyContain(one => ((string)one!["purl"]!).StartsWith(url));
        libraries.Select(one => (string)one!["bom-ref"]!).Should().OnlyHaveUniqueItems();
        (await SchemaAsync("statement")).Validate(bake.Provenance.ToJsonString()).Should().BeEmpty();
    }

    [Fact]
    public async Task Schemas_RefuseWhatTheyDoNotKnow()
    {
        var bake = ProvenBake.Of(_bakery);
        var (sbom, provenance) = (bake.Document("sbom"), bake.Provenance);
        sbom["components"]![0]!.AsObject().Remove("type");
        provenance["predicate"]!["runDetails"]!["extra"] = 1;

        (await SchemaAsync("cyclonedx-1.5")).Validate(sbom.ToJsonString()).Should().NotBeEmpty();
        (await SchemaAsync("statement")).Validate(provenance.ToJsonString()).Should().NotBeEmpty();
    }

    [Fact]
    public void Store_ThatCannotBeReached_HoldsThePublicationBack()
    {
        var proofs = new FolderStore("/proc/self/nowhere");
        using var bakery = Bakery.Open(register: services => services.AddSingleton<IProofStore>(proofs));

        var failure = bakery.Time.Run(() => Assert.ThrowsAsync<BakeFailedException>(() => bakery.BakeAsync(retry: true)));

        failure.Code.Should().Be(FailureCodes.ProofUnreachable);
        failure.Kind.Should().Be(FailureKind.Transient);
        bakery.Time.Run(async () =>
        {
            var images = await bakery.Get<ICloud>().Home.Images.ListAsync(null, CancellationToken.None);
            images.Should().ContainSingle().Which.MayBeSeen.Should().BeFalse();
            (await bakery.Get<ICloud>().Home.Pointers.FindAsync("/images/debian-12-base/current", CancellationToken.None))
                .Should()
                .BeNull();
        });
    }

    [Fact]
    public void Packages_ThatCannotBeListed_HoldThePublicationBack()
    {
        _bakery.Scenario.Command("*/inventory/after*").Fails();

        var result = _bakery.Bake();

        result.Failure!.Code.Should().Be(FailureCodes.ProofIncomplete);
        _bakery.Time.Run(_bakery.LeftoversAsync).Should().BeEmpty();
    }

    [Fact]
    public void Proof_KeptByAnAttemptThatDied_IsThatOfTheNextOne()
    {
        // Marks of the seal and of the verdict get through, that of the proof does not, however often it is tried.
        _bakery.Cloud.Faults.Plan.Calls("ec2", "CreateTags").Nth(3).Times(9).Throttled();
        using var second = _bakery.Hire("second");

        var result = _bakery.Time.Run(async () =>
        {
            await Assert.ThrowsAsync<BakeFailedException>(() => _bakery.BakeAsync(retry: true));
            (await _bakery.Get<ICloud>().Home.Images.ListAsync(null, CancellationToken.None))
                .Should()
                .ContainSingle()
                .Which.Proof.Should()
                .BeNull();
            return await second.Get<BakeRunner>().RunAsync(NewBake(), NoObserver.Instance, true, CancellationToken.None);
        });

        var bake = new ProvenBake(_bakery, _bakery.Recipe(), result);
        ((string?)bake.Document("run")["worker"]).Should().Be("test-worker", "that one saw what the proof says");
        result.Provenance!.Digest.Should().Be($"sha256:{ProvenBake.Sha256(bake.Envelope)}");
    }

    [Theory]
    [InlineData(60)]
    [InlineData(90)]
    [InlineData(120)]
    public void Proof_OfTheSameRequestTwiceAtOnce_IsOne(int secondsApart)
    {
        var results = _bakery.Time.Run(() => Task.WhenAll(_bakery.BakeAsync(), LaterAsync()));

        results.Should().OnlyContain(result => result.Outcome == Outcome.Published);
        results[1].Provenance.Should().Be(results[0].Provenance);
        results[0].Provenance.Should().NotBeNull();

        async Task<BakeResult> LaterAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(secondsApart), _bakery.Time);
            return await _bakery.BakeAsync();
        }
    }

    [Fact]
    public void Proof_KeptByAStrangersKey_IsNotTakenOver()
    {
        var bakery = Bakery.Open(register: services => services.AddSingleton<IProofStore>(new StrangersProofs()));
        using (bakery)
        {
            bakery.Bake().Failure!.Code.Should().Be(FailureCodes.ProofInvalid);
            bakery.Time.Run(bakery.LeftoversAsync).Should().BeEmpty();
        }
    }

    private static Waiver Waive(JsonNode finding, string package, string who) =>
        new()
        {
            Vulnerability = (string)finding["id"]!,
            Package = package,
            Reason = "not reachable here",
            ApprovedBy = who,
            Expires = new DateOnly(2026, 12, 31),
        };

    private static List<JsonNode> Findings(ProvenBake bake) =>
        [.. bake.Document("scan")["predicate"]!["scanner"]!["result"]!.AsArray().OfType<JsonNode>()];

    private Bake NewBake() =>
        _bakery.Get<BakeIntake>().Create(new BakeRequest { Recipe = "debian-12-base", RequestId = "test-1" }, _bakery.Recipe());

    private static JsonNode Named(JsonArray list, string name) => list.Single(one => (string)one!["name"]! == name)!;

    private static Recipe Widely(Recipe recipe) =>
        recipe with
        {
            Publish = recipe.Publish with { Regions = ["eu-central-1", "us-east-1"] },
        };

    private Image Find(string region, string image) =>
        _bakery.Time.Run(async () =>
            (await _bakery.Get<ICloud>().In(region).Images.ReadAsync([new ImageId(image)], CancellationToken.None)).Values.Single()
        );

    private static Task<JsonSchema> SchemaAsync(string name) =>
        JsonSchema.FromFileAsync(Checkout.File($"tests/BakeWorker.EndToEnd/Proofs/Schemas/{name}.schema.json"));

    /// <summary>Somebody else has written where the proof should go.</summary>
    private sealed class StrangersProofs : IProofStore
    {
        public Task<byte[]?> FindAsync(string path, CancellationToken ct) => Task.FromResult<byte[]?>("{}"u8.ToArray());

        public Task<byte[]> EnsureAsync(string path, byte[] content, CancellationToken ct) => Task.FromResult("{}"u8.ToArray());
    }
}
