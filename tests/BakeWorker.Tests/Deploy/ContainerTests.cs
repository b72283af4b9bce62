using System.Text.Json;
using BakeWorker.Testing;

namespace BakeWorker.Tests.Deploy;

/// <summary>The Dockerfile starts and asks what the deployment does, as nobody in particular, and without a shell.</summary>
public sealed class ContainerTests : IDisposable
{
    private static readonly string[] Lines = File.ReadAllLines(Checkout.File("Dockerfile"));
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Fact]
    public void Health_IsAskedByACommandThatThereIs()
    {
        var check = Array.Find(Lines, line => line.StartsWith("HEALTHCHECK "))!;
        var template = new Template(("Image", "bakeworker:1")).Properties("Task")["ContainerDefinitions"]![0]!["HealthCheck"]!["Command"]!;

        var command = Words(check[check.IndexOf('[')..]);
        command.Should().Equal(template.AsArray().Skip(1).Select(word => (string)word!));
        _line.Run([.. command[1..], "--set", "Web:Listen="]).Should().Be(2);
        _line.Error.ToString().Should().Contain("Web:Listen is empty");
    }

    [Fact]
    public void Container_IsOfAnOrdinaryUserWithoutAShell()
    {
        var final = Lines[Array.FindLastIndex(Lines, line => line.StartsWith("FROM "))..];

        final[0].Should().EndWith("-chiseled-extra", "schedules name time zones, and the others know only UTC");
        final.Should().ContainSingle(line => line.StartsWith("USER ")).Which.Should().Be("USER $APP_UID");
        final.Should().NotContain(line => line.StartsWith("RUN "));
        final.Should().Contain("VOLUME [\"/tmp\"]", "a volume that is mounted there takes over who may write");
        Words(final.Single(line => line.StartsWith("ENTRYPOINT "))["ENTRYPOINT ".Length..]).Should().Equal("/app/bakeworker");
        Words(final.Single(line => line.StartsWith("CMD "))["CMD ".Length..]).Should().Equal("run");
    }

    private static string[] Words(string list) => JsonSerializer.Deserialize<string[]>(list)!;
}
