using Amazon.Runtime;
using Amazon.Runtime.Internal;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Bakes;

namespace BakeWorker.Aws.Resilience;

/// <summary>Outermost in the pipeline of every client: measures the call and turns what the SDK or the network threw into a failure of the bake.</summary>
internal sealed class TranslatingHandler(TimeProvider time) : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var start = time.GetTimestamp();
        string? error = null;
        try
        {
            return await base.InvokeAsync<T>(executionContext);
        }
        catch (OperationCanceledException) when (executionContext.RequestContext.CancellationToken.IsCancellationRequested)
        {
            error = "cancelled";
            throw;
        }
        // Anything else is a defect of ours and must look like one.
        catch (Exception exception) when (AwsFailures.IsOfTheCall(exception))
        {
            var failure = AwsFailures.Translate(Call.Action(executionContext), exception, time.GetUtcNow());
            error = failure.AwsCode() is { Length: > 0 } code ? code : failure.Code;
            throw failure;
        }
        finally
        {
            AwsTelemetry.Called(Call.Service(executionContext), Call.Method(executionContext), time.GetElapsedTime(start), error);
        }
    }
}
