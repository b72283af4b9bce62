using System.Net;
using System.Text.Json;
using Amazon.Inspector2.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;

namespace Amazon.Inspector2.Internal;

/// <summary>Error answers of Inspector: the code is in a header, or else in the body under one of three names.</summary>
internal static class Inspector2Errors
{
    public static AmazonInspector2Exception Create(string code, string message, Exception inner, string requestId, HttpStatusCode status)
    {
        var type = (int)status >= 500 ? ErrorType.Receiver : ErrorType.Sender;
        return code switch
        {
            "AccessDeniedException" => new AccessDeniedException(message, inner, type, code, requestId, status),
            "BadRequestException" => new BadRequestException(message, inner, type, code, requestId, status),
            "ConflictException" => new ConflictException(message, inner, type, code, requestId, status),
            "InternalServerException" => new InternalServerException(message, inner, type, code, requestId, status),
            "ResourceNotFoundException" => new ResourceNotFoundException(message, inner, type, code, requestId, status),
            "ServiceQuotaExceededException" => new ServiceQuotaExceededException(message, inner, type, code, requestId, status),
            "ThrottlingException" => new ThrottlingException(message, inner, type, code, requestId, status),
            "ValidationException" => new ValidationException(message, inner, type, code, requestId, status),
            _ => new AmazonInspector2Exception(message, inner, type, code, requestId, status),
        };
    }

    public static string? Header(IWebResponseData response, string name) =>
        response.IsHeaderPresent(name) ? response.GetHeaderValue(name) : null;

    public static (string? Code, string? Message) Read(byte[]? body)
    {
        if (body is not { Length: > 0 })
        {
            return (null, null);
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? (Find(json.RootElement, "code", "Code", "__type"), Find(json.RootElement, "message", "Message"))
                : (null, null);
        }
        catch (JsonException)
        {
            // A proxy answered in its own words.
            return (null, null);
        }
    }

    private static string? Find(JsonElement json, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
            {
                return value.GetString();
            }
        }

        return null;
    }
}
