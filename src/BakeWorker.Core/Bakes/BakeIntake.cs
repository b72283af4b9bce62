using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Bakes;

/// <summary>Turns a message into a bake, or says every reason why it is none.</summary>
public sealed class BakeIntake(RecipeSource recipes, ICloud cloud, BakeryOptions options, TimeProvider time, ILogger<BakeIntake> logger)
{
    /// <exception cref="InvalidRequestException">The message can never be carried out.</exception>
    public BakeRequest Read(QueueMessage message)
    {
        var reading = BakeRequestReader.Read(message.Body, message.MessageId);
        try
        {
            return reading.Require();
        }
        catch (BakeFailedException failure)
        {
            throw Refuse(reading.Recipe, reading.RequestId, reading.ReplyTo, message, failure);
        }
    }

    /// <exception cref="InvalidRequestException">The request can never be carried out.</exception>
    public async Task<Bake> AcceptAsync(string queue, QueueMessage message, BakeRequest request, CancellationToken ct)
    {
        try
        {
            var recipe = recipes.Require(request.Recipe);
            var bake = Create(request, recipe) with { Attempt = message.ReceiveCount, BegunAt = message.FirstReceivedAt };
            using var scope = BakeScope.Enter(logger, bake, "intake");
            var trace = message.ReceiveCount > 1 ? await FindTraceAsync(bake.Id, ct) : null;
            return bake with { TraceParent = trace ?? BakeTrace.Begin(queue, message) };
        }
        catch (BakeFailedException failure) when (failure.Kind == FailureKind.Invalid)
        {
            throw Refuse(request, message, failure);
        }
    }

    /// <summary>The end of a request that can never be carried out.</summary>
    public InvalidRequestException Refuse(BakeRequest request, QueueMessage message, BakeFailedException failure) =>
        Refuse(request.Recipe, request.RequestId, request.ReplyTo, message, failure);

    /// <summary>The answer to a request for many, each of which is answered by itself.</summary>
    public BakeResult Spread(BakeRequest many, QueueMessage message, IReadOnlyList<ResultRequest> requests) =>
        Answer(many.Recipe, many.RequestId, message, Outcome.Requested) with
        {
            Requests = requests,
        };

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

    private InvalidRequestException Refuse(
        string? recipe,
        string? requestId,
        string? replyTo,
        QueueMessage message,
        BakeFailedException failure
    ) =>
        new(
            Answer(recipe ?? "", requestId ?? message.MessageId, message, Outcome.Invalid) with
            {
                Failure = BakeResultBuilder.Failure(failure, null),
            },
            replyTo
        );

    private BakeResult Answer(string recipe, string requestId, QueueMessage message, Outcome outcome) =>
        new()
        {
            BakeId = BakeId.For(recipe, requestId).Value,
            RequestId = requestId,
            Recipe = recipe,
            Outcome = outcome,
            Attempts = message.ReceiveCount,
            Worker = options.Worker,
            StartedAt = message.ReceivedAt,
            FinishedAt = time.GetUtcNow(),
        };
}
