using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>How a script ended, with the beginnings of its outputs.</summary>
internal sealed record AgentAnswer(int ExitCode, string Output, string Error);

/// <summary>One of the agent's workers, from outside.</summary>
internal sealed class AgentPort(Stream stream) : IDisposable
{
    private readonly PipeReader _reader = PipeReader.Create(stream);
    private readonly Lock _lock = new();
    private TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _life = new();

    /// <summary>Ends when the worker listens.</summary>
    public Task Open
    {
        get
        {
            lock (_lock)
            {
                return _open.Task;
            }
        }
    }

    /// <summary>The worker began to listen, or ended: then nobody answers what was asked.</summary>
    public void Turn(bool isOpen)
    {
        lock (_lock)
        {
            if (isOpen)
            {
                _open.TrySetResult();
                return;
            }

            _life.Cancel();
            (_open, _life) = (new(TaskCreationOptions.RunContinuationsAsynchronously), new());
        }
    }

    /// <summary>Sends a script; null when the worker ends before it has answered.</summary>
    public async Task<AgentAnswer?> AskAsync(string order, byte[] script)
    {
        CancellationToken life;
        lock (_lock)
        {
            life = _life.Token;
        }

        try
        {
            await stream.WriteAsync((byte[])[.. Encoding.UTF8.GetBytes(order), .. script], life);
            // exit NUMBER CODE SIZE KEPT SIZE KEPT, and the bytes that were kept.
            var words = (await ReadLineAsync(life)).Split(' ');
            var numbers = words.Skip(2).Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToArray();
            var output = await ReadAsync(numbers[2], numbers[1], life);
            var error = await ReadAsync(numbers[4], numbers[3], life);
            return new AgentAnswer(numbers[0], output, error);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }

    public void Dispose() => stream.Dispose();

    private async Task<string> ReadLineAsync(CancellationToken ct)
    {
        while (true)
        {
            var result = await _reader.ReadAsync(ct);
            if (result.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(result.Buffer.Slice(0, end));
                _reader.AdvanceTo(result.Buffer.GetPosition(1, end));
                return line;
            }

            Require(result);
            _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private async Task<string> ReadAsync(int kept, int count, CancellationToken ct)
    {
        if (kept == 0)
        {
            // A reader that is asked for nothing waits for something all the same.
            return "";
        }

        var result = await _reader.ReadAtLeastAsync(kept, ct);
        if (result.Buffer.Length < kept)
        {
            Require(result);
        }

        var text = Encoding.UTF8.GetString(result.Buffer.Slice(0, kept));
        _reader.AdvanceTo(result.Buffer.GetPosition(kept));
        return count > kept ? $"{text}\n[{count - kept} more bytes were not kept]\n" : text;
    }

    private static void Require(ReadResult result)
    {
        if (result.IsCompleted)
        {
            throw new IOException("The machine has ended.");
        }
    }
}
