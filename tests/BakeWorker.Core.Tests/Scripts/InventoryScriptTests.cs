using BakeWorker.Core.Pipeline;

namespace BakeWorker.Core.Tests.Scripts;

public sealed class InventoryScriptTests
{
    [Fact]
    public void Inventory_OfADebian_IsReadBackByTheWorker()
    {
        using var root = Debian(("openssl", "3.0.17-1"), ("zlib1g", "1:1.2.13"));

        var inventory = Inventory.Parse(root.RunBuiltIn("inventory").Output);

        inventory!
            .Packages.Should()
            .BeEquivalentTo(
                new Dictionary<string, string>
                {
                    ["openssl:amd64"] = "3.0.17-1",
                    ["zlib1g:amd64"] = "1:1.2.13",
                    ["os-release:debian"] = "12.11",
                }
            );
    }

    [Fact]
    public void Inventory_OfTheSameSystemTwice_IsTheSameText()
    {
        using var root = Debian(("b", "1"), ("a", "2"));

        root.RunBuiltIn("inventory").Output.Should().Be(root.RunBuiltIn("inventory").Output);
    }

    [Fact]
    public void Inventory_PackageThatIsOnlyConfigured_IsNotInstalled()
    {
        using var root = Debian(("a", "1"));
        File.AppendAllText(
            root.Path("var/lib/dpkg/status"),
            "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\nArchitecture: amd64\n\n"
        );

        Inventory.Parse(root.RunBuiltIn("inventory").Output)!.Packages.Keys.Should().NotContain("gone:amd64");
    }

    [Fact]
    public void Inventory_TooLongForACommandsOutput_SaysSoInsteadOfBreakingOff()
    {
        var random = new Random(1);
        using var root = Debian([.. Enumerable.Range(0, 2500).Select(i => ($"package-{random.NextInt64():x}", $"{random.Next()}.{i}"))]);

        var run = root.RunBuiltIn("inventory");

        run.ExitCode.Should().Be(3);
        run.Output.Should().BeEmpty();
        run.Error.Should().Contain("2501 packages");
    }

    private static FakeRoot Debian(params (string Name, string Version)[] packages)
    {
        Assert.SkipUnless(ScriptRun.Has("dpkg-query"), "Reading a dpkg database needs dpkg-query.");
        var root = new FakeRoot();
        var stanzas = packages.Select(package =>
            $"Package: {package.Name}\nStatus: install ok installed\nMaintainer: x\nVersion: {package.Version}\nArchitecture: amd64\nDescription: x\n\n"
        );
        root.Write("var/lib/dpkg/status", string.Concat(stanzas));
        return root;
    }
}
