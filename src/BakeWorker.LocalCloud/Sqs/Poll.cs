using System.Text.Json.Nodes;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>A ReceiveMessage call: what it asks for and, while it waits, its answer to come.</summary>
internal sealed record Poll(Queue Queue, int Max, TimeSpan Wait, TimeSpan Visibility, string? AttemptId, MessageView View)
{
    // Continuations run in the turn of whoever delivers, after the gate: on virtual time nothing may be left to a thread pool.
    private readonly TaskCompletionSource<JsonObject> _answer = new();

    public Task<JsonObject> Answer => _answer.Task;

    public void Complete(IReadOnlyList<StoredMessage> messages) => _answer.TrySetResult(View.Render(messages, Queue));

    public void Fail(Exception error) => _answer.TrySetException(error);

    public void Cancel(CancellationToken ct) => _answer.TrySetCanceled(ct);
}
