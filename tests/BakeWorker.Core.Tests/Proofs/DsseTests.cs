using System.Text;
using System.Text.Json.Nodes;
using BakeWorker.Core.Proofs;
using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Proofs;

public sealed class DsseTests
{
    private static readonly byte[] Payload = Encoding.UTF8.GetBytes("hello world");

    [Theory]
    [InlineData("http://example.com/HelloWorld", "hello world", "DSSEv1 29 http://example.com/HelloWorld 11 hello world")]
    [InlineData("", "", "DSSEv1 0  0 ")]
    [InlineData("ä", "€", "DSSEv1 2 ä 3 €")]
    public void Encoding_IsThatOfTheSpecification(string type, string payload, string expected) =>
        Encoding
            .UTF8.GetString(Dsse.PreAuthenticationEncoding(type, Encoding.UTF8.GetBytes(payload)))
            .Should()
            .Be(expected, "lengths count bytes, not letters");

    [Fact]
    public async Task Envelope_Signed_OpensWithItsKeyOnly()
    {
        var envelope = await SignAsync();

        Dsse.Open(envelope, Dsse.InToto, TestKey.Shared.Public).Should().Equal(Payload);
        Dsse.Open(envelope, Dsse.InToto, new TestKey().Public).Should().BeNull();
        Dsse.Open(envelope, "text/plain", TestKey.Shared.Public).Should().BeNull();
    }

    [Fact]
    public async Task Envelope_WithAnyMemberChanged_DoesNotOpen()
    {
        foreach (var (member, value) in new[] { ("payload", "aGVsbG8gd29ybGU="), ("payloadType", "text/plain"), ("payload", "%") })
        {
            var envelope = JsonNode.Parse(await SignAsync())!.AsObject();
            envelope[member] = value;

            Dsse.Open(Bytes(envelope), (string)envelope["payloadType"]!, TestKey.Shared.Public).Should().BeNull(member);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "payloadType": "application/vnd.in-toto+json", "payload": "aGk=", "signatures": [] }""")]
    [InlineData("""{ "payloadType": "application/vnd.in-toto+json", "payload": "aGk=", "signatures": [{ "sig": "AAAA" }] }""")]
    [InlineData("""{ "payloadType": 7, "payload": "aGk=" }""")]
    [InlineData("""{ "payloadType": "a", "payloadType": "b", "payload": "aGk=", "signatures": [] }""")]
    [InlineData("""{ "payloadType": "application/vnd.in-toto+json", "payload": "aGk=", "signatures": ["sig", 7, null, [[]]] }""")]
    [InlineData("""{ "payloadType": "application/vnd.in-toto+json", "payload": "aGk=", "signatures": { "sig": "AAAA" } }""")]
    public void Envelope_ThatIsNone_DoesNotOpen(string text) =>
        Dsse.Open(Encoding.UTF8.GetBytes(text), Dsse.InToto, TestKey.Shared.Public).Should().BeNull();

    [Fact]
    public async Task Signature_IsOneThatOthersCheckToo()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/openssl"), "OpenSSL is the second opinion.");
        var folder = Directory.CreateTempSubdirectory("bakeworker-dsse-").FullName;
        var envelope = JsonNode.Parse(await SignAsync())!;
        await File.WriteAllBytesAsync($"{folder}/pae", Dsse.PreAuthenticationEncoding(Dsse.InToto, Payload), Ct);
        await File.WriteAllBytesAsync($"{folder}/sig", Convert.FromBase64String((string)envelope["signatures"]![0]!["sig"]!), Ct);
        await File.WriteAllTextAsync($"{folder}/key", TestKey.Shared.PublicPem, Ct);

        await using var openssl = BakeWorkerProcess.StartProgram(
            "/usr/bin/openssl",
            ["dgst", "-sha256", "-verify", "key", "-signature", "sig", "pae"],
            folder,
            new Dictionary<string, string>()
        );

        (await openssl.ExitAsync()).Should().Be(0, openssl.Error + openssl.Output);
        Directory.Delete(folder, recursive: true);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Task<byte[]> SignAsync() => Dsse.SignAsync(Dsse.InToto, Payload, TestKey.Shared, Ct);

    private static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());
}
