using System.Security.Cryptography;
using BakeWorker.Core.Bakes;

namespace BakeWorker.Core.Proofs;

/// <summary>Proofs as files below a folder, which may be a shared one.</summary>
public sealed class FolderStore(string folder) : IProofStore
{
    public Task<byte[]?> FindAsync(string path, CancellationToken ct) => Task.FromResult(Try(() => Find(path)));

    public Task<byte[]> EnsureAsync(string path, byte[] content, CancellationToken ct) =>
        Task.FromResult(
            Try(() =>
            {
                var full = Full(path);
                Directory.CreateDirectory(Path.GetDirectoryName(full)!);
                // Whole under a name of its own before it gets the name that others read: no reader ever sees a part.
                var draft = $"{full}.{RandomNumberGenerator.GetHexString(8)}.part";
                using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write))
                {
                    file.Write(content);
                    file.Flush(flushToDisk: true);
                }

                return FirstFile.Place(draft, full) ? content : Find(path)!;
            })
        );

    private byte[]? Find(string path) => File.Exists(Full(path)) ? File.ReadAllBytes(Full(path)) : null;

    private string Full(string path) => Path.Combine(folder, path);

    private T Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BakeFailedException(
                FailureKind.Transient,
                FailureCodes.ProofUnreachable,
                $"The folder of proofs {folder} cannot be used: {exception.Message.TrimEnd('.')}; without proof nothing is published, the bake is tried again.",
                exception
            );
        }
    }
}
