using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Polly;

namespace BakeWorker.Aws.Resilience;

/// <summary>Runs the rest of the SDK's pipeline (signing, sending, reading) under the policy: each try is signed anew and has its own time limit.</summary>
internal sealed class RepeatingHandler(ResiliencePipeline policy) : PipelineHandler
{
    public override void InvokeSync(IExecutionContext executionContext) =>
        throw new NotSupportedException("AWS is called asynchronously only.");

    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var request = Call.Context(executionContext);
        var caller = request.CancellationToken;
        var context = ResilienceContextPool.Shared.Get(caller);
        context.Properties.Set(CallPolicy.Execution, executionContext);
        try
        {
            return await policy.ExecuteAsync(static (context, self) => self.TryAsync<T>(context), context, this);
        }
        finally
        {
            request.CancellationToken = caller;
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<T> TryAsync<T>(ResilienceContext context)
        where T : AmazonWebServiceResponse, new()
    {
        var execution = context.Properties.GetValue(CallPolicy.Execution, null!);
        var request = Call.Context(execution);
        request.CancellationToken = context.CancellationToken;
        request.IsSigned = false;
        if (request.Request.ContentStream is { CanSeek: true } stream)
        {
            stream.Position = Math.Max(0, request.Request.OriginalStreamPosition);
        }

        return await InnerHandler.InvokeAsync<T>(execution);
    }
}
