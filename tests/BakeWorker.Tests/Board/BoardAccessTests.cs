using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using BakeWorker.Board;
using BakeWorker.Board.Live;
using BakeWorker.Commands;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Tests.Board;

/// <summary>Who may ask the board for what, and where it listens.</summary>
public sealed class BoardAccessTests
{
    [Theory]
    [InlineData("POST", "/")]
    [InlineData("PUT", "/api/bakes")]
    [InlineData("DELETE", "/bakes/bake-0")]
    [InlineData("PATCH", "/metrics")]
    [InlineData("OPTIONS", "/health/live")]
    public async Task Board_IsOnlyRead(string method, string path)
    {
        await using var world = await BoardWorld.OpenAsync();

        using var answer = await world.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), world.Limit);

        answer.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.Should().BeEquivalentTo("GET", "HEAD");
    }

    [Fact]
    public async Task Board_OnLoopback_AnswersOnlyByNamesOfThisMachine_OrOnesThatWereSet()
    {
        await using var world = await BoardWorld.OpenAsync(settings: "Web:Hosts=bakes.example.com");

        foreach (var path in (string[])["/", "/api/bakes", "/api/events", "/metrics", "/health/ready"])
        {
            (await StatusAsync(path, "evil.example.com")).Should().Be(HttpStatusCode.MisdirectedRequest, path);
        }

        (await StatusAsync("/", "127.0.0.1.evil.example.com")).Should().Be(HttpStatusCode.MisdirectedRequest);
        (await StatusAsync("/", $"localhost:{world.Url.Port}")).Should().Be(HttpStatusCode.OK);
        (await StatusAsync("/", "BAKES.example.com")).Should().Be(HttpStatusCode.OK);

        async Task<HttpStatusCode> StatusAsync(string path, string host)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
            using var answer = await world.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, world.Limit);
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/nothing", "text/html")]
    [InlineData("/api/bakes", "application/json")]
    [InlineData("/assets/board.js", "text/javascript")]
    [InlineData("/assets/board.css", "text/css")]
    [InlineData("/health/live", "application/json")]
    public async Task Answers_AreHardened(string path, string type)
    {
        await using var world = await BoardWorld.OpenAsync();

        using var answer = await world.Http.GetAsync(new Uri(path, UriKind.Relative), world.Limit);

        answer.Content.Headers.ContentType.Should().BeEquivalentTo(MediaTypeHeaderValue.Parse($"{type}; charset=utf-8"));
        var policy = Header("Content-Security-Policy");
        policy.Should().Contain("default-src 'none'").And.Contain("frame-ancestors 'none'").And.NotContain("unsafe");
        Header("X-Content-Type-Options").Should().Be("nosniff");
        Header("Referrer-Policy").Should().Be("no-referrer");
        answer.Headers.Server.Should().BeEmpty();
        (await answer.Content.ReadAsStringAsync(world.Limit))
            .Should()
            .NotContain(" style=")
            .And.NotContain("<style")
            .And.NotContain("onclick");

        string Header(string name) => answer.Headers.GetValues(name).Single();
    }

    [Fact]
    public async Task Head_IsGetWithoutABody()
    {
        await using var world = await BoardWorld.OpenAsync();

        using var answer = await world.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"), world.Limit);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync(world.Limit)).Should().BeEmpty();
    }

    [Fact]
    public async Task Listeners_AreBounded_AndComeBackWhenOthersGo()
    {
        await using var world = await BoardWorld.OpenAsync();
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < LiveUpdates.MostClients; i++)
        {
            open.Add(await ListenAsync());
        }

        using (var refused = await ListenAsync())
        {
            refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.Should().NotBeNull();
        }

        open.ForEach(one => one.Dispose());
        while (true)
        {
            using var again = await ListenAsync();
            if (again.StatusCode == HttpStatusCode.OK)
            {
                break;
            }
        }

        Task<HttpResponseMessage> ListenAsync() =>
            world.Http.GetAsync(new Uri("/api/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, world.Limit);
    }

    [Fact]
    public async Task Head_OfTheEvents_TakesNobodysPlace()
    {
        await using var world = await BoardWorld.OpenAsync();

        // The second one comes by the first one's connection, which a stream would hold.
        for (var time = 0; time < 2; time++)
        {
            using var answer = await world.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/events"), world.Limit);
            answer.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        }
    }

    [Fact]
    public async Task Port_ThatIsTaken_IsAnError_WhereItWasAskedFor()
    {
        await using var world = await BoardWorld.OpenAsync();
        using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var options = new WebOptions { Listen = world.Url.ToString() };

        var start = () => BoardServer.StartAsync(new Parts(world, services), options, world.Limit);

        (await start.Should().ThrowAsync<UsageException>()).Which.Message.Should().Contain("another program has that port");
    }

    [Fact]
    public async Task Port_ThatIsTaken_IsGivenUp_WhereNobodyAskedForIt()
    {
        await using var world = await BoardWorld.OpenAsync();
        using var holder = new TcpListener(IPAddress.Loopback, new Uri(WebOptions.Default).Port);
        try
        {
            holder.Start();
        }
        catch (SocketException)
        {
            // Somebody else has it: just as well.
        }

        using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        (await BoardServer.StartAsync(new Parts(world, services), new WebOptions(), world.Limit)).Should().BeNull();
    }

    [Fact]
    public async Task Board_ThatNobodyWants_IsNotThere()
    {
        using var services = new ServiceCollection().AddLogging().BuildServiceProvider();

        (await BoardServer.StartAsync(services, new WebOptions { Listen = "" }, CancellationToken.None)).Should().BeNull();
    }

    [Theory]
    [InlineData("Web:Listen=8080", "Web:Listen is 8080")]
    [InlineData("Web:Listen=https://127.0.0.1:1", "Web:Listen is https://127.0.0.1:1")]
    [InlineData("Web:TraceUrl=https://traces.example.com/", "Web:TraceUrl is")]
    [InlineData("Web:TraceUrl=javascript:alert({traceId})", "Web:TraceUrl is")]
    [InlineData("Web:Hosts=http://bakes.example.com/", "Web:Hosts is")]
    public void Settings_ThatCannotBeMeant_AreRefused(string setting, string said)
    {
        using var line = new CommandLine();

        line.Run("run", "--set", setting).Should().Be(ExitCodes.Invalid);

        line.Error.ToString().Should().Contain(said);
    }

    // The parts of a worker that is up, with a log of their own.
    private sealed class Parts(BoardWorld world, IServiceProvider logging) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType == typeof(ILoggerFactory) ? logging.GetService(serviceType)
            : serviceType == typeof(BoardRoutes) ? world.Get<BoardRoutes>()
            : null;
    }
}
