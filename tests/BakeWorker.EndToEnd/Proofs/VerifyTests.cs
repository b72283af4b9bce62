using Amazon.EC2.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Proofs;
using BakeWorker.Testing;
using Tag = Amazon.EC2.Model.Tag;

namespace BakeWorker.EndToEnd.Proofs;

/// <summary>A proof holds only as long as nothing was changed: no byte, no tag, no key.</summary>
public sealed class VerifyTests : IDisposable
{
    private const string Abroad = "us-east-1";
    private readonly Bakery _bakery = Bakery.Open();
    private readonly ProvenBake _bake;

    public VerifyTests()
    {
        var recipe = _bakery.Recipe();
        _bake = ProvenBake.Of(_bakery, recipe with { Publish = recipe.Publish with { Regions = [Abroad] } });
    }

    public void Dispose() => _bakery.Dispose();

    [Fact]
    public void Check_OfImageAndCopy_Holds()
    {
        var home = Check(_bake.Home);
        var copy = Check(_bake.Result.Images[Abroad], Abroad);

        copy.Digest.Should().Be(home.Digest).And.Be(_bake.Result.Provenance!.Digest);
        home.Recipe.Should().Be(_bake.Recipe.Name);
        home.Bake.Should().Be(_bake.Result.BakeId);
        home.Packages.Should().Be(16);
        home.Documents.Should().HaveCount(6).And.BeEquivalentTo(_bakery.Proofs.Documents.Keys);
    }

    [Fact]
    public void Check_AnyByteOfAnyDocumentChanged_Fails()
    {
        foreach (var path in _bakery.Proofs.Documents.Keys.ToList())
        {
            var kept = _bakery.Proofs.Documents[path];
            foreach (var position in new[] { 0, kept.Length / 2, kept.Length - 1 })
            {
                var changed = kept.ToArray();
                changed[position] ^= 1;
                _bakery.Proofs.Documents[path] = changed;

                Refusal().Should().Contain(path);
            }

            _bakery.Proofs.Documents[path] = kept;
        }

        Check(_bake.Home).Should().NotBeNull();
    }

    [Fact]
    public void Check_AnyDocumentMissing_Fails()
    {
        foreach (var (path, kept) in _bakery.Proofs.Documents.ToList())
        {
            _bakery.Proofs.Documents.Remove(path);

            Refusal().Should().Contain($"{path} is missing");
            _bakery.Proofs.Documents[path] = kept;
        }
    }

    [Theory]
    [InlineData(ResourceTags.Provenance)]
    [InlineData(ResourceTags.RecipeDigest)]
    [InlineData(ResourceTags.BakeId)]
    [InlineData(ResourceTags.SourceImage)]
    [InlineData(ResourceTags.Recipe)]
    [InlineData(ResourceTags.Role)]
    [InlineData(ResourceTags.Verdict)]
    public void Check_TagChangedOrGone_Fails(string tag)
    {
        _bakery.Time.Run(() => _bakery.Clients.Ec2.CreateTagsAsync(new CreateTagsRequest([_bake.Home], [new Tag(tag, "copy")])));
        Refusal();

        _bakery.Time.Run(() => _bakery.Clients.Ec2.DeleteTagsAsync(new DeleteTagsRequest([_bake.Home]) { Tags = [new Tag(tag)] }));
        Refusal();
    }

    [Fact]
    public void Check_WithAnotherKey_Fails() => Refusal(key: new TestKey().Public).Should().Contain("has not signed");

    [Fact]
    public void Check_ImageWithTheProofOfAnother_Fails()
    {
        var other = ProvenBake.Of(_bakery, requestId: "other");
        var stolen = _bakery.Proofs.Documents.Keys.Where(path => path.StartsWith(other.Folder, StringComparison.Ordinal)).ToList();
        foreach (var path in stolen)
        {
            _bakery.Proofs.Documents[path.Replace(other.Home, _bake.Home)] = _bakery.Proofs.Documents[path];
        }

        var tag = new Tag(ResourceTags.Provenance, other.Result.Provenance!.Digest);
        _bakery.Time.Run(() => _bakery.Clients.Ec2.CreateTagsAsync(new CreateTagsRequest([_bake.Home], [tag])));

        Refusal().Should().Contain("is not what its proof is about");
    }

    [Fact]
    public void Check_ImageThatClaimsToBeOfAnotherRecipe_Fails()
    {
        foreach (var (path, content) in _bakery.Proofs.Documents.ToList())
        {
            _bakery.Proofs.Documents[path.Replace(_bake.Recipe.Name, "payroll")] = content;
        }

        Tag(ResourceTags.Recipe, "payroll");

        Refusal().Should().Contain("says bakeworker:recipe payroll, but its proof says debian-12-base");
    }

    /// <summary>Signed by the right key, but by a program that left out what explains the image.</summary>
    [Theory]
    [InlineData(ProofDocument.Sbom)]
    [InlineData(ProofDocument.Tests)]
    [InlineData(ProofDocument.Scan)]
    public void Check_StatementWithoutADocument_Fails(string kind)
    {
        var statement = _bake.Provenance;
        var documents = statement["predicate"]!["runDetails"]!["byproducts"]!.AsArray();
        documents.Remove(documents.Single(one => (string)one!["annotations"]!["kind"]! == kind));

        Resign(statement.ToJsonString());

        Refusal().Should().Contain($"names no {kind}");
    }

    /// <summary>The right image, of which the statement says that it was of other disks.</summary>
    [Fact]
    public void Check_StatementAboutOtherSnapshots_Fails()
    {
        var statement = _bake.Provenance;
        foreach (var subject in statement["subject"]!.AsArray())
        {
            subject!["annotations"]!["snapshots"] = new System.Text.Json.Nodes.JsonArray("snap-00000000000000000");
        }

        Resign(statement.ToJsonString());

        Refusal().Should().Contain("is not what its proof is about");
    }

    [Theory]
    [InlineData("""{ "_type": "https://in-toto.io/Statement/v1", "_type": "https://in-toto.io/Statement/v1" }""")]
    [InlineData("""{ "_type": "https://in-toto.io/Statement/v1", "predicateType": "https://slsa.dev/provenance/v1", "subject": [7] }""")]
    [InlineData("""{ "_type": ["https://in-toto.io/Statement/v1"] }""")]
    [InlineData("[]")]
    [InlineData("")]
    public void Check_StatementThatIsNone_IsRefusedInASentence(string statement)
    {
        Resign(statement);

        Refusal().Should().MatchRegex("signed statement|not what its proof is about");
    }

    [Fact]
    public void Check_OfAnImageThatIsNotThere_IsAMistakeOfTheCaller() =>
        Assert.Throws<BakeFailedException>(() => Check("ami-00000000000000000")).Kind.Should().Be(FailureKind.Invalid);

    private void Tag(string name, string value) =>
        _bakery.Time.Run(() => _bakery.Clients.Ec2.CreateTagsAsync(new CreateTagsRequest([_bake.Home], [new Tag(name, value)])));

    private void Resign(string statement)
    {
        var signed = Dsse.SignAsync(Dsse.InToto, System.Text.Encoding.UTF8.GetBytes(statement), TestKey.Shared, CancellationToken.None);
        var envelope = _bakery.Time.Run(() => signed);
        _bakery.Proofs.Documents[$"{_bake.Folder}/provenance.intoto.json"] = envelope;
        Tag(ResourceTags.Provenance, $"sha256:{ProvenBake.Sha256(envelope)}");
    }

    private string Refusal(ProofPublicKey? key = null)
    {
        var failure = Assert.Throws<BakeFailedException>(() => Check(_bake.Home, key: key));
        failure.Code.Should().Be(FailureCodes.ProofInvalid);
        failure.Kind.Should().Be(FailureKind.Rejected);
        failure.Message.Should().Contain(_bake.Home).And.EndWith(".").And.NotContain("\n");
        return failure.Message;
    }

    private VerifiedImage Check(string image, string region = Bakery.Region, ProofPublicKey? key = null) =>
        _bakery.Time.Run(() =>
            _bakery.Get<ProofCheck>().CheckAsync(new ImageId(image), region, key ?? TestKey.Shared.Public, CancellationToken.None)
        );
}
