using System.Text;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Faults;

/// <summary>What reads answered last, so that a read can be answered by a replica that lags: as the same read was answered a moment ago.</summary>
internal sealed class ReadMemory
{
    private const int Limit = 500;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DateTimeOffset At, WireResponse Answer)> _answers = [];
    private readonly Queue<string> _oldestFirst = new();

    /// <summary>Null for a call that is no read of an eventually consistent service.</summary>
    public static string? KeyOf(Operation operation, WireRequest request) =>
        operation.Service is "ec2" or "ssm" or "inspector2" && IsRead(operation.Action)
            ? $"{operation.Service} {operation.Region} {request.Path} {operation.Action} {Encoding.UTF8.GetString(request.Body)}"
            : null;

    public WireResponse? Find(string key, DateTimeOffset notBefore)
    {
        lock (_gate)
        {
            return _answers.TryGetValue(key, out var known) && known.At >= notBefore ? known.Answer : null;
        }
    }

    public void Keep(string key, DateTimeOffset now, WireResponse answer)
    {
        lock (_gate)
        {
            if (!_answers.ContainsKey(key))
            {
                _oldestFirst.Enqueue(key);
            }

            _answers[key] = (now, answer);
            if (_answers.Count > Limit)
            {
                _answers.Remove(_oldestFirst.Dequeue());
            }
        }
    }

    private static bool IsRead(string action) =>
        action.StartsWith("Describe", StringComparison.Ordinal)
        || action.StartsWith("List", StringComparison.Ordinal)
        || action.StartsWith("Get", StringComparison.Ordinal)
        || action.StartsWith("BatchGet", StringComparison.Ordinal);
}
