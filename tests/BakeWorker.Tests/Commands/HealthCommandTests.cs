using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BakeWorker.Tests.Commands;

public sealed class HealthCommandTests : IDisposable
{
    private readonly CommandLine _line = new();
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);

    public HealthCommandTests() => _server.Start();

    private int Port => ((IPEndPoint)_server.LocalEndpoint).Port;

    public void Dispose()
    {
        _server.Dispose();
        _line.Dispose();
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}", "200 OK", 0, "GET /health/live ")]
    [InlineData("http://*:{0}", "200 OK", 0, "GET /health/live ")]
    [InlineData("http://0.0.0.0:{0}", "503 Service Unavailable", 1, "GET /health/live ")]
    [InlineData("http://localhost:{0}", "503 Service Unavailable", 1, "GET /health/ready ", "--ready")]
    public async Task Health_IsWhatTheWorkerAnswers(string listen, string status, int code, string asked, params string[] args)
    {
        var answering = AnswerAsync(status, """{ "status": "as it is" }""");

        var exit = await RunAsync([.. args, "--set", "Web:Listen=" + listen.Replace("{0}", $"{Port}")]);

        exit.Should().Be(code, _line.Error.ToString());
        _line.Output.ToString().Should().Contain("as it is");
        (await answering).Should().StartWith(asked);
    }

    [Fact]
    public async Task Health_WithoutAWorker_SaysWhereItAsked()
    {
        var port = Port;
        _server.Stop();

        (await RunAsync("--set", $"Web:Listen=http://127.0.0.1:{port}")).Should().Be(1);

        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain($"127.0.0.1:{port}/health/live");
    }

    [Fact]
    public async Task Health_OfAWorkerThatAnswersNowhere_IsAMistake()
    {
        (await RunAsync("--set", "Web:Listen=")).Should().Be(2);

        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("Web:Listen");
    }

    // A real socket does not keep to virtual time.
    private Task<int> RunAsync(params string[] args) =>
        Cli.RunAsync(["health", .. args], _line.Shell(TimeProvider.System), CancellationToken.None);

    private async Task<string> AnswerAsync(string status, string body)
    {
        using var client = await _server.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, leaveOpen: true);
        var asked = await reader.ReadLineAsync();
        while (await reader.ReadLineAsync() is { Length: > 0 }) { }

        var answer =
            $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        return asked!;
    }
}
