using BakeWorker.Settings;
using BakeWorker.Testing;
using YamlDotNet.RepresentationModel;

namespace BakeWorker.Tests.Deploy;

/// <summary>deploy/compose starts programs that there are, with settings they take and files that are there.</summary>
public sealed class ComposeTests : IDisposable
{
    private static readonly string Folder = Checkout.File("deploy/compose");
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData("cloud")]
    [InlineData("worker")]
    [InlineData("submit")]
    public void Service_IsACommandWithSettingsThatItTakes(string name)
    {
        var service = (YamlMappingNode)Services()[name];
        foreach (var (key, value) in ((YamlMappingNode)service["environment"]).Children)
        {
            _line.Environment[$"{key}"] = $"{value}";
        }

        _line.Environment.Keys.Where(key => key.StartsWith("BAKEWORKER__")).Should().NotBeEmpty();
        var settings = LoadedSettings.Load(_line.Shell(_line.Time), SettingArguments.None).Worker;
        settings.Data.Should().StartWith("/tmp/", "nothing else can be written");
        // The settings are read once the words are understood, and before anything is started.
        string[] command =
            name == "submit" ? [.. Words(service["entrypoint"])[1..], "debian-12-base", "--wait"] : Words(service["command"]);
        _line.Run([.. command, "--set", "Nonsense=1"]).Should().Be(2);
        _line.Error.ToString().Should().Contain("Nonsense is not a setting");
    }

    [Fact]
    public void Services_ThatAreOurs_CanWriteNothingButTmp()
    {
        foreach (var service in Services().Children.Values.Cast<YamlMappingNode>().Where(service => $"{service["image"]}" == "bakeworker"))
        {
            $"{service["read_only"]}".Should().Be("true");
            Words(service["cap_drop"]).Should().Equal("ALL");
        }
    }

    [Fact]
    public void Files_ThatAreMounted_AreThere()
    {
        var mounts = Services()
            .Children.Values.Cast<YamlMappingNode>()
            .SelectMany(service => service.Children.TryGetValue("volumes", out var volumes) ? Words(volumes) : []);

        mounts.Select(mount => Path.Combine(Folder, mount.Split(':')[0])).Should().HaveCount(5).And.OnlyContain(path => Path.Exists(path));
    }

    [Fact]
    public void DataSources_AreThoseThatTheDashboardAsks()
    {
        var sources = (YamlSequenceNode)Load("grafana/datasources/datasources.yaml")["datasources"];

        sources.Cast<YamlMappingNode>().Select(source => $"{source["type"]}").Should().BeEquivalentTo("prometheus", "tempo");
        foreach (var source in sources.Cast<YamlMappingNode>())
        {
            var address = new Uri($"{source["url"]}");
            Services().Children.Keys.Select(key => $"{key}").Should().Contain(address.Host);
        }
    }

    [Fact]
    public void Prometheus_AsksWhereTheWorkerListens()
    {
        var target = (YamlSequenceNode)Load("prometheus.yaml")["scrape_configs"][0]["static_configs"][0]["targets"];

        var worker = (YamlMappingNode)Services()["worker"];
        var host = $"{worker["network_mode"]}".Split(':')[1];
        var port = $"{worker["environment"]["BAKEWORKER__WEB__LISTEN"]}".Split(':')[^1];
        Words(target).Should().Equal($"{host}:{port}");
    }

    private static YamlMappingNode Services() => (YamlMappingNode)Load("compose.yaml")["services"];

    private static YamlNode Load(string file)
    {
        var stream = new YamlStream();
        using var text = File.OpenText(Path.Combine(Folder, file));
        stream.Load(text);
        return stream.Documents[0].RootNode;
    }

    private static string[] Words(YamlNode list) => [.. ((YamlSequenceNode)list).Children.Select(word => $"{word}")];
}
