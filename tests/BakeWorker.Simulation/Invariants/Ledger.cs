using System.Security.Cryptography;
using System.Text;
using BakeWorker.LocalCloud.Faults;

namespace BakeWorker.Simulation.Invariants;

/// <summary>Every operation of a seed: a digest over all of them, and the last ones in words.</summary>
internal sealed class Ledger
{
    private const int Kept = 40;
    private readonly Queue<string> _last = new();
    private byte[] _digest = [];

    public IEnumerable<string> Last => _last;

    public void Add(Operation operation, OperationEnd end) =>
        Add(
            $"{operation.Number} {operation.At:HH:mm:ss.fff} {operation.Caller} {operation.Region} {operation.Service}:{operation.Action} "
                + $"{(end.WasReached ? end.ErrorCode ?? "done" : "not reached")} {end.Fault?.Kind}"
        );

    public void Add(string line)
    {
        _digest = SHA256.HashData([.. _digest, .. Encoding.UTF8.GetBytes(line)]);
        _last.Enqueue(line);
        if (_last.Count > Kept)
        {
            _last.Dequeue();
        }
    }

    public string Digest() => Convert.ToHexStringLower(_digest);
}
