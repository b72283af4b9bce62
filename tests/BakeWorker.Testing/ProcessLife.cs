namespace BakeWorker.Testing;

/// <summary>
/// The life of a process, for what no code of ours may notice: after its death no timer of it fires, no call of it is answered and none
/// leaves it. Nothing is thrown and nothing is cleaned up; what it was doing simply never goes on.
/// </summary>
public sealed class ProcessLife : IDisposable
{
    private readonly CancellationTokenSource _connections = new();
    private (int Call, bool AfterEffect)? _fate;
    private int _calls;

    public ProcessLife(TimeProvider time) => Time = new MortalTime(this, time);

    public bool IsDead { get; private set; }

    /// <summary>The clock that the process lives on.</summary>
    public TimeProvider Time { get; }

    /// <summary>It will die at its n-th call, counted from 1: before the call has left, or when it has had its effect and is not answered yet.</summary>
    public void DieAt(int call, bool afterEffect) => _fate = (call, afterEffect);

    public void Die()
    {
        IsDead = true;
        // The cloud sees the connections break: nobody waits for a message any more.
        _connections.Cancel();
    }

    public void Dispose() => _connections.Dispose();

    /// <summary>The way of its calls to the cloud.</summary>
    public HttpMessageHandler Carry(HttpMessageHandler inner) => new MortalCalls(this, inner);

    private sealed class MortalCalls(ProcessLife life, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var call = life.IsDead ? 0 : ++life._calls;
            if (life._fate == (call, false))
            {
                life.Die();
            }

            if (life.IsDead)
            {
                return await NeverAsync();
            }

            using var connection = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, life._connections.Token);
            try
            {
                var response = await base.SendAsync(request, connection.Token).ConfigureAwait(false);
                if (life._fate == (call, true))
                {
                    life.Die();
                }

                return life.IsDead ? await NeverAsync() : response;
            }
            catch when (life.IsDead)
            {
                return await NeverAsync();
            }
        }

        private static Task<HttpResponseMessage> NeverAsync() => new TaskCompletionSource<HttpResponseMessage>().Task;
    }

    private sealed class MortalTime(ProcessLife life, TimeProvider inner) : TimeProvider
    {
        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            inner.CreateTimer(
                seen =>
                {
                    if (!life.IsDead)
                    {
                        callback(seen);
                    }
                },
                state,
                dueTime,
                period
            );
    }
}
