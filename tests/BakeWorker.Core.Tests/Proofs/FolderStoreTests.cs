using BakeWorker.Core.Bakes;
using BakeWorker.Core.Proofs;

namespace BakeWorker.Core.Tests.Proofs;

public sealed class FolderStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bakeworker-proofs-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Document_AddedTwice_StaysTheFirst()
    {
        var store = new FolderStore(_folder);

        (await store.FindAsync("a/b", Ct)).Should().BeNull();
        (await store.EnsureAsync("a/b", [1], Ct)).Should().Equal(1);
        (await store.EnsureAsync("a/b", [2], Ct)).Should().Equal(1);
        (await store.FindAsync("a/b", Ct)).Should().Equal(1);
        Directory.GetFiles(Path.Combine(_folder, "a")).Should().ContainSingle("no draft is left");
    }

    [Fact]
    public async Task Document_AddedByManyAtOnce_IsTheSameForAll()
    {
        var store = new FolderStore(_folder);

        foreach (var path in Enumerable.Range(0, 100).Select(round => $"a/{round}"))
        {
            using var start = new Barrier(4);
            var seen = await Task.WhenAll(
                Enumerable
                    .Range(0, 4)
                    .Select(i =>
                        Task.Factory.StartNew(
                                () => AddAsync(path, (byte)i, start),
                                Ct,
                                TaskCreationOptions.LongRunning,
                                TaskScheduler.Default
                            )
                            .Unwrap()
                    )
            );

            seen.Select(content => content[0]).Distinct().Should().ContainSingle();
        }

        Task<byte[]> AddAsync(string path, byte content, Barrier start)
        {
            start.SignalAndWait(Ct);
            return store.EnsureAsync(path, [content], Ct);
        }
    }

    [Fact]
    public async Task Folder_ThatCannotBeUsed_IsTriedAgainLater()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", Ct);

        var failure = await Assert.ThrowsAsync<BakeFailedException>(() => new FolderStore(file).EnsureAsync("a", [1], Ct));

        failure.Kind.Should().Be(FailureKind.Transient);
        failure.Code.Should().Be(FailureCodes.ProofUnreachable);
        failure.Message.Should().Contain(file).And.EndWith(".");
    }

    [Fact]
    public async Task OwnKey_IsMadeOnceAndReadableByNobodyElse()
    {
        var path = Path.Combine(_folder, "sub", "key.pem");

        var (first, second) = (await FileKey.Own(path).FindPublicAsync(Ct), await FileKey.Own(path).FindPublicAsync(Ct));

        second.Id.Should().Be(first.Id);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    public async Task Key_ThatIsNone_IsRefusedWithoutSayingWhatItIs(string text)
    {
        var path = Path.Combine(_folder, "key.pem");
        await File.WriteAllTextAsync(path, text, Ct);

        var failure = await Assert.ThrowsAsync<BakeFailedException>(() => new FileKey(path).FindPublicAsync(Ct));

        failure.Code.Should().Be(FailureCodes.ProofKeyUnusable);
        failure.Message.Should().Contain("P-256").And.NotContain("AAAA");
    }

    [Fact]
    public async Task Key_OfAnotherCurve_IsRefused()
    {
        var path = Path.Combine(_folder, "key.pem");
        using (var other = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP384))
        {
            await File.WriteAllTextAsync(path, other.ExportPkcs8PrivateKeyPem(), Ct);
        }

        (await Assert.ThrowsAsync<BakeFailedException>(() => new FileKey(path).FindPublicAsync(Ct)))
            .Code.Should()
            .Be(FailureCodes.ProofKeyUnusable);
    }
}
