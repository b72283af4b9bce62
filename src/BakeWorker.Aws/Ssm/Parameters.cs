using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using BakeWorker.Aws.Resilience;
using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Bakes;

namespace BakeWorker.Aws.Ssm;

/// <summary>Parameters by name; what many bakes ask for in one moment is one read of SSM.</summary>
internal sealed class Parameters
{
    // SSM's limit of names in one GetParameters.
    private const int Batch = 10;
    private readonly IAmazonSimpleSystemsManagement _ssm;
    private readonly Together<string, Task<Parameter?>> _reads;

    public Parameters(IAmazonSimpleSystemsManagement ssm, TimeProvider time)
    {
        _ssm = ssm;
        _reads = new Together<string, Task<Parameter?>>(ReadAsync, time);
    }

    /// <summary>The parameter as it is after this call; null when there is none of this name, or no such version of it.</summary>
    public async Task<Parameter?> FindAsync(string name, CancellationToken ct) => await (await _reads.AskAsync(name, ct))[0];

    private async Task<ILookup<string, Task<Parameter?>>> ReadAsync(IReadOnlyCollection<string> names)
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var answers = new List<(string Name, Task<Parameter?> Parameter)>();
        foreach (var batch in names.Chunk(Batch))
        {
            answers.AddRange(await ReadBatchAsync(batch));
        }

        return answers.ToLookup(answer => answer.Name, answer => answer.Parameter);
    }

    private async Task<IEnumerable<(string, Task<Parameter?>)>> ReadBatchAsync(string[] names)
    {
        try
        {
            var answer = await _ssm.GetParametersAsync(new GetParametersRequest { Names = [.. names] });
            var found = answer.Parameters ?? [];
            return names.Select(name =>
                (name, Task.FromResult(names.Length == 1 ? found.FirstOrDefault() : found.Find(p => p.Name + p.Selector == name)))
            );
        }
        catch (BakeFailedException failure) when (names.Length > 1 && failure.Kind != FailureKind.Transient)
        {
            // One name that SSM refuses to talk about must not take the answer from the others.
            var alone = new List<(string, Task<Parameter?>)>();
            foreach (var name in names)
            {
                alone.AddRange(await ReadBatchAsync([name]));
            }

            return alone;
        }
        catch (BakeFailedException failure)
        {
            return names.Select(name => (name, Task.FromException<Parameter?>(failure)));
        }
    }
}
