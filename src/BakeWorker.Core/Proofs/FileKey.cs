using System.Security.Cryptography;
using BakeWorker.Core.Bakes;

namespace BakeWorker.Core.Proofs;

/// <summary>A signing key in a PEM file, read when it is first needed.</summary>
public sealed class FileKey(string path) : IProofKey
{
    private readonly Lazy<ECDsa> _key = new(() => Read(path));

    /// <summary>Makes a key for one's own machine where there is none, readable by nobody else.</summary>
    public static FileKey Own(string path)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            var draft = $"{path}.{RandomNumberGenerator.GetHexString(8)}.part";
            using (var writer = new StreamWriter(draft, options))
            {
                writer.Write(key.ExportPkcs8PrivateKeyPem() + "\n");
            }

            // Two processes may begin at once; the first one's key is the machine's.
            FirstFile.Place(draft, path);
        }

        return new FileKey(path);
    }

    public Task<byte[]> SignAsync(byte[] digest, CancellationToken ct)
    {
        lock (_key)
        {
            return Task.FromResult(_key.Value.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence));
        }
    }

    public Task<ProofPublicKey> FindPublicAsync(CancellationToken ct)
    {
        lock (_key)
        {
            return Task.FromResult(new ProofPublicKey(_key.Value.ExportSubjectPublicKeyInfo()));
        }
    }

    private static ECDsa Read(string path)
    {
        try
        {
            return ProofPublicKey.Import(File.ReadAllText(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BakeFailedException(
                FailureKind.Failed,
                FailureCodes.ProofKeyUnusable,
                $"The signing key {path} cannot be read: {exception.Message.TrimEnd('.')}; correct Proof:KeyFile or the file's rights.",
                exception
            );
        }
    }
}
