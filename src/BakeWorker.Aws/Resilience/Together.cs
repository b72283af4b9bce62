namespace BakeWorker.Aws.Resilience;

/// <summary>Questions that many bakes ask in the same moment (all of them, after a restart) become one read.</summary>
internal sealed class Together<TKey, TAnswer>(Func<IReadOnlyCollection<TKey>, Task<ILookup<TKey, TAnswer>>> read, TimeProvider time)
    where TKey : notnull
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);
    private readonly Lock _gate = new();
    private Question? _open;

    /// <summary>What a read that begins after this call shows of the key; nothing when it shows nothing.</summary>
    public async Task<IReadOnlyList<TAnswer>> AskAsync(TKey key, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Question question;
        lock (_gate)
        {
            if (_open is null)
            {
                _open = new Question();
                // The read is shared, so it is nobody's child and does not end with the first who asked.
                using var nobodysChild = ExecutionContext.SuppressFlow();
                _ = AnswerAsync(_open);
            }

            question = _open;
            question.Keys.Add(key);
        }

        var answers = await question.Answers.Task.WaitAsync(ct);
        return [.. answers[key]];
    }

    private async Task AnswerAsync(Question question)
    {
        await Task.Delay(Moment, time);
        lock (_gate)
        {
            _open = null;
        }

        try
        {
            question.Answers.TrySetResult(await read(question.Keys));
        }
        catch (Exception exception)
        {
            question.Answers.TrySetException(exception);
        }
    }

    private sealed class Question
    {
        public HashSet<TKey> Keys { get; } = [];
        public TaskCompletionSource<ILookup<TKey, TAnswer>> Answers { get; } = new();
    }
}
