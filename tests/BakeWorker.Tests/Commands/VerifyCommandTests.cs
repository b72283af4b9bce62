using BakeWorker.Testing;

namespace BakeWorker.Tests.Commands;

public sealed class VerifyCommandTests : IDisposable
{
    private readonly CommandLine _line = new();
    private readonly string _image;

    public VerifyCommandTests()
    {
        _line.Bake("--json").Should().Be(0, _line.Error.ToString());
        _image = _line.Json.GetProperty("images").EnumerateObject().Single().Value.GetString()!;
        Proof = _line.Json.GetProperty("provenance").GetProperty("digest").GetString()!;
    }

    private string Proof { get; }
    private string Data => Path.Combine(_line.Folder, ".local/share/bakeworker");
    private string Folder => Path.Combine(Data, "proofs/debian-12-base", _image);

    public void Dispose() => _line.Dispose();

    [Fact]
    public void Verify_PublishedImage_SaysWhatItIs()
    {
        Verify().Should().Be(0, _line.Error.ToString());

        _line
            .Output.ToString()
            .Should()
            .StartWith($"{_image} in eu-central-1 is what its proof says.\n")
            .And.Contain(Proof)
            .And.Contain("16 packages");
        Directory.GetFiles(Folder).Should().HaveCount(6);
    }

    [Fact]
    public void Verify_WithThePublicKeyOnly_NeedsNoOther()
    {
        var key = File.ReadAllText(Path.Combine(Data, "proof-key.pem"));
        using var pair = System.Security.Cryptography.ECDsa.Create();
        pair.ImportFromPem(key);
        _line.Write("public.pem", pair.ExportSubjectPublicKeyInfoPem());

        Verify("--key", "public.pem").Should().Be(0, _line.Error.ToString());
    }

    [Fact]
    public void Verify_WrongKey_IsRefusedInOneSentence()
    {
        _line.Write("other.pem", TestKey.Shared.PublicPem);

        Verify("--key", "other.pem").Should().Be(3);
        Sentence().Should().Contain("has not signed");
    }

    [Fact]
    public void Verify_ChangedByte_IsRefusedInOneSentence()
    {
        var sbom = Directory.GetFiles(Folder, "sbom-*").Single();
        File.WriteAllText(sbom, File.ReadAllText(sbom).Replace("3.0.17-1~deb12u3", "3.0.99-1"));

        Verify().Should().Be(3);
        Sentence().Should().Contain("is not what was signed");
    }

    [Fact]
    public void Verify_MissingDocument_IsRefusedInOneSentence()
    {
        File.Delete(Directory.GetFiles(Folder, "scan-*").Single());

        Verify().Should().Be(3);
        Sentence().Should().Contain("is missing");
    }

    [Fact]
    public void Verify_UnknownImage_IsAMistakeOfTheCaller()
    {
        _line.Run("verify", "ami-00000000000000000", "--cloud", "local", "--guest", "scripted").Should().Be(2);
        Sentence().Should().Contain("ami-00000000000000000");
    }

    [Fact]
    public void Verify_KeyFileThatIsNone_IsRefused()
    {
        _line.Write("none.pem", "hello");

        Verify("--key", "none.pem").Should().Be(1);
        Sentence().Should().Contain("none.pem");
        Verify("--key", "absent.pem").Should().Be(2);
        Sentence().Should().Contain("absent.pem");
    }

    [Fact]
    public void Verify_OnAws_NeedsToKnowWhereProofsAre()
    {
        _line.Run("verify", _image, "--region", "eu-west-1").Should().Be(2);

        _line.Error.ToString().Should().Contain("Proof:Bucket").And.Contain("Proof:KmsKey");
    }

    private int Verify(params string[] more) => _line.Run(["verify", _image, "--cloud", "local", "--guest", "scripted", .. more]);

    private string Sentence() => _line.ErrorLines.Should().ContainSingle().Which.Should().EndWith(".").And.Subject;
}
