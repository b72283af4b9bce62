using System.Net.Http.Headers;
using BakeWorker.Testing;
using Microsoft.Extensions.Time.Testing;

namespace BakeWorker.LocalCloud.Tests.Protocols;

/// <summary>Requests as bytes on the wire, for what no SDK would send.</summary>
internal sealed class WireClient : IAsyncDisposable
{
    private readonly LocalCloud _cloud = new(new LocalCloudOptions(), new FakeTimeProvider(), new NoGuests());
    private readonly HttpClient _http;

    public WireClient() => _http = new(_cloud.CreateHandler()) { BaseAddress = new("http://localhost:4566") };

    public static string Authorization(string service, string region = "eu-west-1") =>
        $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/{region}/{service}/aws4_request, SignedHeaders=host, Signature=00";

    public Task<WireAnswer> FormAsync(string service, string form, string region = "eu-west-1", string path = "/") =>
        SendAsync(
            new(HttpMethod.Post, path) { Content = new StringContent(form, null, "application/x-www-form-urlencoded") },
            Authorization(service, region)
        );

    public Task<WireAnswer> JsonAsync(string service, string target, string body, string region = "eu-west-1")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent(body, new MediaTypeHeaderValue("application/x-amz-json-1.0")),
        };
        request.Headers.Add("X-Amz-Target", target);
        return SendAsync(request, Authorization(service, region));
    }

    public async Task<WireAnswer> SendAsync(HttpRequestMessage request, string? authorization)
    {
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await _http.SendAsync(request);
        return new(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(",", header.Value))
        );
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
    }
}

internal sealed record WireAnswer(int Status, string Body, Dictionary<string, string> Headers);
