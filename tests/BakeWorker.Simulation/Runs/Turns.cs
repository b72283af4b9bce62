using BakeWorker.Testing;

namespace BakeWorker.Simulation.Runs;

/// <summary>
/// Runs a world on a thread pool of one thread: whatever is ready runs in the order in which it became so, and time passes only when nothing
/// is. Nothing can overtake anything, so a seed goes the same way every time, whichever libraries take part.
/// </summary>
internal static class Turns
{
    private const int Patience = 1_000;

    /// <summary>Takes all other threads from the pool of this process, which must be one of its own for that.</summary>
    /// <exception cref="InvalidOperationException">The work waits for something that no timer will bring.</exception>
    public static T Run<T>(VirtualTime time, Func<Task<T>> work) =>
        ThreadPool.SetMinThreads(1, 1) && ThreadPool.SetMaxThreads(1, 1)
            ? Task.Run(() => RunAsync(time, work)).GetAwaiter().GetResult()
            : throw new InvalidOperationException("The thread pool keeps more than one thread.");

    private static async Task<T> RunAsync<T>(VirtualTime time, Func<Task<T>> work)
    {
        var (task, idle) = (work(), 0);
        while (!task.IsCompleted)
        {
            // Back of the queue: everything that was ready has run when the turn comes again.
            await Task.Yield();
            if (ThreadPool.PendingWorkItemCount > 0 || task.IsCompleted)
            {
                continue;
            }

            idle = time.AdvanceToNext() ? 0 : idle + 1;
            if (idle > Patience)
            {
                throw new InvalidOperationException("The work waits for something that no timer will ever bring.");
            }
        }

        return await task;
    }
}
