using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Transform;

namespace Amazon.Inspector2.Internal;

/// <summary>Asks the endpoint provider of the configuration.</summary>
internal sealed class Inspector2EndpointResolver : BaseEndpointResolver;

/// <summary>Inspector has one endpoint a Region, whatever the call.</summary>
internal sealed class Inspector2EndpointProvider(AmazonInspector2Config config) : IEndpointProvider
{
    public Endpoint ResolveEndpoint(EndpointParameters parameters) => new(config.FindUrl());
}

/// <summary>Every operation is signed with SigV4.</summary>
internal sealed class Inspector2AuthHandler : BaseAuthResolverHandler
{
    protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) => AuthSchemeOption.DEFAULT_SIGV4;
}

/// <summary>Every operation is a POST with its whole input in a JSON body.</summary>
internal sealed class Inspector2Marshaller<T>(string path, JsonTypeInfo<T> type) : IMarshaller<IRequest, AmazonWebServiceRequest>
    where T : AmazonWebServiceRequest
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var request = new DefaultRequest(input, "Amazon.Inspector2")
        {
            HttpMethod = "POST",
            ResourcePath = path,
            Content = JsonSerializer.SerializeToUtf8Bytes((T)input, type),
        };
        request.Headers["Content-Type"] = "application/json";
        request.Headers["x-amz-api-version"] = "2020-06-08";
        return request;
    }
}

/// <summary>Reads answers and errors of the REST-JSON protocol.</summary>
internal sealed class Inspector2Unmarshaller<T>(JsonTypeInfo<T> type) : JsonResponseUnmarshaller
    where T : AmazonWebServiceResponse, new()
{
    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext context) =>
        JsonSerializer.Deserialize(context.Stream, type) ?? new T();

    public override AmazonServiceException UnmarshallException(
        JsonUnmarshallerContext context,
        Exception innerException,
        System.Net.HttpStatusCode statusCode
    )
    {
        using var content = new MemoryStream();
        context.Stream.CopyTo(content);
        var body = Inspector2Errors.Read(content.ToArray());
        var code = Inspector2Errors.Header(context.ResponseData, "x-amzn-errortype") ?? body.Code ?? "";
        code = code[(code.LastIndexOf('#') + 1)..].Split(':')[0];
        return Inspector2Errors.Create(
            code,
            body.Message ?? $"HTTP {(int)statusCode}",
            innerException,
            Inspector2Errors.Header(context.ResponseData, "x-amzn-RequestId") ?? "",
            statusCode
        );
    }
}
