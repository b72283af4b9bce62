namespace BakeWorker.Tests.Commands;

/// <summary>What <c>validate</c> says of recipes that have no errors.</summary>
public sealed class LintTests : IDisposable
{
    private readonly CommandLine _line = new();

    public LintTests()
    {
        _line.Environment.Remove("BAKEWORKER__RECIPES");
        _line.Run("init", "hello").Should().Be(0);
    }

    public void Dispose() => _line.Dispose();

    public static TheoryData<string, string> Lines =>
        new()
        {
            { "curl -fsSL https://get.example/install | sh", "download-piped" },
            { "bash <(curl -s https://get.example/install)", "download-piped" },
            { "wget -q https://get.example/tool.tar.gz", "download-unchecked" },
            { "DEBIAN_FRONTEND=noninteractive apt-get install nginx", "apt-asks" },
            { "apt-get install -y nginx", "apt-frontend" },
            { "dnf install nginx", "dnf-asks" },
            { "docker pull nginx", "unpinned" },
            { "podman run docker.io/library/nginx:latest", "unpinned" },
            { "pip install flask", "unpinned" },
            { "chmod -R 777 /srv", "mode-777" },
            { "export AWS_ACCESS_KEY_ID=AKIA" + "ABCDEFGHIJKLMNOP", "secret-in-text" },
            { "PASSWORD=correct-horse-battery", "secret-in-text" },
        };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Line_ThatWillNotAlwaysWork_IsToldWithItsRule(string line, string rule)
    {
        Install("set -eu", line);

        _line.Run("validate", "recipes/hello").Should().Be(0);

        Told().Should().Contain(told => told.StartsWith("recipes/hello/steps/install.sh:3:") && told.EndsWith($"[{rule}]"));
    }

    [Theory]
    [InlineData("curl -fsSLo /tmp/a https://get.example/a && echo \"$SUM  /tmp/a\" | sha256sum -c")]
    [InlineData("DEBIAN_FRONTEND=noninteractive apt-get -q -y install nginx")]
    [InlineData("dnf -y install nginx")]
    [InlineData("# curl https://get.example/install | sh")]
    [InlineData("pip install --requirement requirements.txt")]
    [InlineData("docker pull nginx@sha256:0123")]
    [InlineData("PASSWORD=$(get-secret)")]
    [InlineData("password=\"$1\"")]
    public void Line_ThatIsInOrder_IsNotMentioned(string line)
    {
        Install("set -eu", line);

        _line.Run("validate", "recipes/hello").Should().Be(0);

        Told().Where(told => !told.EndsWith("[SC2034]") && !told.EndsWith("[SC2154]")).Should().BeEmpty();
    }

    [Fact]
    public void Finding_ThatSomebodyAllows_IsNotTold_AndStrictRefusesTheOthers()
    {
        Install("set -eu", "# lint: allow unpinned, because the registry is ours", "docker pull registry/tool");
        _line.Run("validate", "--strict", "recipes/hello").Should().Be(0, "{0}", _line.Output);

        Install("set -eu", "docker pull registry/tool");
        _line.Run("validate", "--strict", "recipes/hello").Should().Be(2);
        _line.Output.ToString().Should().Contain("install.sh:3:1: error: ").And.Contain("[unpinned]\n").And.Contain("1 recipe: 1 error\n");
    }

    [Theory]
    [InlineData("docker pull registry/tool # lint: allow unpinned, because the registry is ours", "")]
    [InlineData("# lint: allow mode-777 unpinned\ndocker pull registry/tool", "")]
    [InlineData("# lint: allow mode-777\ndocker pull registry/tool", "unpinned")]
    [InlineData("# lint: allow unpinned\ntrue\ndocker pull registry/tool", "unpinned")]
    [InlineData("# lint: allow secret-in-text, because it is an example\nPASSWORD=correct-horse-battery", "")]
    [InlineData("# lint: allow unpinned\nPASSWORD=correct-horse-battery", "secret-in-text")]
    public void Allowance_CountsForItsRules_InItsLineAndTheNext(string lines, string rule)
    {
        Install(["set -eu", .. lines.Split('\n')]);

        _line.Run("validate", "recipes/hello").Should().Be(0);

        Rules().Where(told => !told.StartsWith("SC", StringComparison.Ordinal)).Should().Equal(rule.Length == 0 ? [] : [rule]);
    }

    [Theory]
    [InlineData("#!/bin/sh # lint: allow goes-on-after-errors, because it must\ntrue\n")]
    [InlineData("#!/bin/sh -e\ntrue\n")]
    [InlineData("#!/bin/bash\nset -o errexit\ntrue\n")]
    public void Script_ThatStopsAtErrors_OrMayGoOn_IsNotTold(string text)
    {
        _line.Write("recipes/hello/steps/install.sh", text);

        _line.Run("validate", "recipes/hello").Should().Be(0);

        Rules().Should().NotContain("goes-on-after-errors");
    }

    [Fact]
    public void Shellcheck_IsAllowedByItsNumberToo()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/shellcheck"), "shellcheck is not installed.");
        Install("set -eu", "# lint: allow SC3014, because this sh knows it", "if [ \"$HOME\" == / ]; then echo; fi");
        _line.Run("validate", "recipes/hello").Should().Be(0);
        Rules().Should().NotContain("SC3014");
    }

    [Fact]
    public void Script_ThatGoesOnAfterErrors_RecipeWithoutTests_AndStepWithoutTimeout_AreTold()
    {
        Install("true");
        var file = Path.Combine(_line.Folder, "recipes/hello/recipe.yaml");
        var text = File.ReadAllText(file);
        File.WriteAllText(
            file,
            text[..text.IndexOf("tests:", StringComparison.Ordinal)].Replace(", timeout: 10m }", " }")
                + text[text.IndexOf("scan:", StringComparison.Ordinal)..]
        );
        File.Delete(Path.Combine(_line.Folder, "recipes/hello/tests/app.sh"));

        _line.Run("validate", "recipes/hello").Should().Be(0);

        Told()
            .Select(told => told[told.LastIndexOf('[')..])
            .Should()
            .BeEquivalentTo("[goes-on-after-errors]", "[no-tests]", "[no-timeout]");
    }

    [Fact]
    public void Component_IsReadLikeAScript()
    {
        _line.Write(
            "recipes/hello/components/tool.yaml",
            "schemaVersion: 1.0\nphases:\n  - name: build\n    steps:\n      - name: Tool\n        action: ExecuteBash\n        inputs:\n          commands:\n            - curl https://get.example/install | bash\n"
        );
        var file = Path.Combine(_line.Folder, "recipes/hello/recipe.yaml");
        File.WriteAllText(
            file,
            File.ReadAllText(file)
                .Replace(
                    "  - { name: cleanup,",
                    "  - { name: tool, phase: install, component: components/tool.yaml }\n  - { name: cleanup,"
                )
        );

        _line.Run("validate", "recipes/hello").Should().Be(0, "{0}", _line.Output);

        Told()
            .Should()
            .Contain(told => told.StartsWith("recipes/hello/components/tool.yaml:9:1: warning: ") && told.EndsWith("[download-piped]"));
    }

    [Fact]
    public void Shellcheck_WhereItIsInstalled_SpeaksByItsOwnNumbers()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/shellcheck"), "shellcheck is not installed.");
        Install("set -eu", "cd /srv", "for file in $(ls *.txt); do rm $file; done", "if [ $HOME == / ]; then echo; fi");

        _line.Run("validate", "recipes/hello").Should().Be(0);

        Told().Should().Contain(told => told.StartsWith("recipes/hello/steps/install.sh:5:") && told.EndsWith("[SC3014]"));
    }

    private IEnumerable<string> Told() => _line.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).SkipLast(1);

    private IEnumerable<string> Rules() => Told().Select(told => told[(told.LastIndexOf('[') + 1)..^1]);

    private void Install(params string[] lines) =>
        _line.Write("recipes/hello/steps/install.sh", $"#!/bin/sh\n{string.Join('\n', lines)}\n");
}
