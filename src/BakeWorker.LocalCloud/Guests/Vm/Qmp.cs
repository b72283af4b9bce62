using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>QEMU's own line of command: JSON by line, with answers by number and events in between.</summary>
internal sealed class Qmp(Stream stream, Action<string, JsonNode?> onEvent) : IDisposable
{
    private readonly StreamWriter _writer = new(stream) { AutoFlush = true, NewLine = "\n" };
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode?>> _asked = new();
    private int _count;

    /// <summary>Ends when the other side has ended and all it said was heard.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Greets, so that commands are heard; reads until the other side ends.</summary>
    public async Task OpenAsync(CancellationToken ct)
    {
        Ended = ReadAsync();
        await CallAsync("qmp_capabilities", null, ct);
    }

    /// <summary>Gives a command and returns its answer.</summary>
    /// <exception cref="GuestHostException">QEMU refuses it, or has ended.</exception>
    public async Task<JsonNode?> CallAsync(string command, JsonObject? arguments, CancellationToken ct)
    {
        var id = Interlocked.Increment(ref _count);
        var answer = _asked[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new JsonObject { ["execute"] = command, ["id"] = id };
        if (arguments is not null)
        {
            message["arguments"] = arguments;
        }

        await _turn.WaitAsync(ct);
        try
        {
            await _writer.WriteLineAsync(message.ToJsonString());
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            throw HasEnded(exception);
        }
        finally
        {
            _turn.Release();
        }

        return await answer.Task.WaitAsync(ct);
    }

    public void Dispose() => stream.Dispose();

    private async Task ReadAsync()
    {
        Exception? end = null;
        try
        {
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync() is { } line)
            {
                Take(JsonNode.Parse(line)!);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            end = exception;
        }

        foreach (var open in _asked.Values)
        {
            open.TrySetException(HasEnded(end));
        }
    }

    private void Take(JsonNode message)
    {
        if (message["event"] is { } name)
        {
            onEvent(name.GetValue<string>(), message["data"]);
        }
        else if (message["id"] is { } id && _asked.TryRemove(id.GetValue<int>(), out var answer))
        {
            if (message["error"] is { } error)
            {
                answer.TrySetException(new GuestHostException($"QEMU refuses: {error["desc"]}"));
            }
            else
            {
                answer.TrySetResult(message["return"]);
            }
        }
    }

    private static GuestHostException HasEnded(Exception? cause) => new("QEMU has ended", cause);
}
