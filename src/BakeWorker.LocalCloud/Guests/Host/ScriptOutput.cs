using System.Buffers;
using System.Text;

namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>One output of a script: its beginning is kept, the rest is counted, and all of it is read, so that nobody waits for us.</summary>
internal sealed class ScriptOutput
{
    public const int Limit = 1 << 20;
    private readonly int _limit;
    private readonly ArrayBufferWriter<byte> _kept = new();
    private readonly Lock _lock = new();
    private long _count;

    public ScriptOutput(Stream stream, int limit = Limit)
    {
        _limit = limit;
        Ended = ReadAsync(stream);
    }

    /// <summary>Ends when every process that could still write to it has closed it.</summary>
    public Task Ended { get; }

    public long Count => Interlocked.Read(ref _count);

    public override string ToString()
    {
        lock (_lock)
        {
            var text = Encoding.UTF8.GetString(_kept.WrittenSpan);
            return Count > _kept.WrittenCount ? $"{text}\n[{Count - _kept.WrittenCount} more bytes were not kept]\n" : text;
        }
    }

    private async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[16384];
        while (await stream.ReadAsync(buffer, CancellationToken.None) is > 0 and var read)
        {
            lock (_lock)
            {
                _kept.Write(buffer.AsSpan(0, Math.Min(read, _limit - _kept.WrittenCount)));
            }

            Interlocked.Add(ref _count, read);
        }
    }
}
