using System.Text;
using BakeWorker.Core.Bakes.Fields;
using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Bakes;

/// <summary>Reads requests from message bodies: strictly, and with every error at once.</summary>
public static class BakeRequestReader
{
    /// <summary>Bytes of a body, at most.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Never throws for what is in the body. A body that EventBridge wrapped is read from its <c>detail</c>.</summary>
    public static RequestReading Read(string body, string messageId)
    {
        var problems = new Problems("request");
        if (Root(body, problems) is not MapNode root || !RequestFields.Shape.TryRead(root, "", problems, out var request))
        {
            return new RequestReading(null, problems.All) { Code = FailureCodes.RequestMalformed };
        }

        foreach (var field in (ReadOnlySpan<Field>)[RequestFields.Labels, RequestFields.SpreadSeconds])
        {
            if (request.Has(field) && request.Find(RequestFields.Recipe) is { } one and not BakeRequest.EveryRecipe)
            {
                problems.Error(
                    request.At(field),
                    $"{field.Name} is for many recipes, but recipe names {one}; write \"recipe\": \"*\", or leave it out."
                );
            }
        }

        return new RequestReading(problems.HasErrors ? null : Request(request, messageId), problems.All)
        {
            Recipe = request.Find(RequestFields.Recipe),
            RequestId = request.Find(RequestFields.RequestId),
            ReplyTo = request.Find(RequestFields.ReplyTo),
            Code =
                !problems.HasErrors ? null
                : problems.HasOnlyUnknownFields ? FailureCodes.RequestUnknownField
                : FailureCodes.RequestInvalid,
        };
    }

    private static Node? Root(string body, Problems problems)
    {
        var size = Encoding.UTF8.GetByteCount(body);
        if (size > MaxBytes)
        {
            problems.Error(Place.Start, $"the request has {size} bytes, more than the {MaxBytes} that are read; send less in it.");
            return null;
        }

        var root = JsonText.Read(body, problems);
        if (root is not (null or MapNode))
        {
            problems.Error(
                root.Place,
                $"the request is {Shown.Node(root)}; send one JSON object, as in {{ \"recipe\": \"debian-12-base\" }}."
            );
        }

        return root is MapNode map && map.Find("detail-type") is not null && map.Find("detail") is MapNode detail ? detail : root;
    }

    private static BakeRequest Request(Section request, string messageId)
    {
        var source = request.Find(RequestFields.Source);
        return new BakeRequest
        {
            Recipe = request.Get(RequestFields.Recipe),
            Labels = request.Has(RequestFields.Labels) ? request.Map(RequestFields.Labels) : null,
            SpreadSeconds = request.FindValue(RequestFields.SpreadSeconds),
            RequestId = request.Find(RequestFields.RequestId) ?? messageId,
            Parameters = request.Map(RequestFields.Parameters),
            Reason = request.Find(RequestFields.Reason),
            RequestedBy = request.Find(RequestFields.RequestedBy),
            Source = source is null ? null : new RequestSource(source.Find(SourceFields.Repository), source.Find(SourceFields.Revision)),
            IfChanged = request.Get(RequestFields.IfChanged),
            DryRun = request.Get(RequestFields.DryRun),
            ReplyTo = request.Find(RequestFields.ReplyTo),
        };
    }
}
