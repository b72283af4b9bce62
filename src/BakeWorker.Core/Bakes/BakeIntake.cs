using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Telemetry;

namespace BakeWorker.Core.Bakes;

/// <summary>Turns a message into a bake, or says every reason why it is none.</summary>
public sealed class BakeIntake(RecipeSource recipes, ICloud cloud, BakeryOptions options, TimeProvider time)
{
    /// <exception cref="InvalidRequestException">The message can never be carried out.</exception>
    public async Task<Bake> AcceptAsync(string queue, QueueMessage message, CancellationToken ct)
    {
        var reading = BakeRequestReader.Read(message.Body, message.MessageId);
        try
        {
            var request = reading.Require();
            var recipe = recipes.Require(request.Recipe);
            var bake = Create(request, recipe) with { Attempt = message.ReceiveCount };
            var trace = message.ReceiveCount > 1 ? await FindTraceAsync(bake.Id, ct) : null;
            return bake with { TraceParent = trace ?? BakeTrace.Begin(queue, message) };
        }
        catch (BakeFailedException failure) when (failure.Kind == FailureKind.Invalid)
        {
            throw new InvalidRequestException(Refusal(reading, message, failure), reading.ReplyTo);
        }
    }

    /// <summary>A bake of a recipe that is at hand.</summary>
    /// <exception cref="BakeFailedException">The parameters do not fit the recipe.</exception>
    public Bake Create(BakeRequest request, Recipe recipe)
    {
        var now = time.GetUtcNow();
        return new Bake
        {
            Id = BakeId.For(recipe.Name, request.RequestId),
            Request = request,
            Recipe = recipe,
            Parameters = ParameterBinder.Require(recipe, request),
            StartedAt = now,
            Deadline = now + options.Deadline,
            Worker = options.Worker,
        };
    }

    // A later attempt continues the trace of the first; it stands on what that one launched or captured.
    private async Task<string?> FindTraceAsync(BakeId bake, CancellationToken ct) =>
        (await cloud.Home.Instances.FindAsync(bake, InstanceRole.Builder, ct))?.Tags.GetValueOrDefault(ResourceTags.TraceParent)
        ?? (await cloud.Home.Images.FindAsync(bake, ct))?.Tags.GetValueOrDefault(ResourceTags.TraceParent);

    private BakeResult Refusal(RequestReading reading, QueueMessage message, BakeFailedException failure)
    {
        var (recipe, requestId) = (reading.Recipe ?? "", reading.RequestId ?? message.MessageId);
        return new BakeResult
        {
            BakeId = BakeId.For(recipe, requestId).Value,
            RequestId = requestId,
            Recipe = recipe,
            Outcome = Outcome.Invalid,
            Failure = BakeResultBuilder.Failure(failure, null),
            Attempts = message.ReceiveCount,
            Worker = options.Worker,
            StartedAt = message.ReceivedAt,
            FinishedAt = time.GetUtcNow(),
        };
    }
}
