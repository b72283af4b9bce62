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
            .BeEquivalentTo([
                new InstalledPackage("openssl", "3.0.17-1", "amd64"),
                new InstalledPackage("os-release", "12.11", "debian"),
                new InstalledPackage("zlib1g", "1:1.2.13", "amd64"),
            ]);
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

        Inventory.Parse(root.RunBuiltIn("inventory").Output)!.Packages.Should().NotContain(package => package.Name == "gone");
    }

    [Fact]
    public void Inventory_TooLongForACommandsOutput_ComesInParts()
    {
        var random = new Random(1);
        using var root = Debian([.. Enumerable.Range(0, 2500).Select(i => ($"package-{random.NextInt64():x}", $"{random.Next()}.{i}"))]);

        var (packed, part) = ("", 1);
        while (root.RunBuiltIn("inventory", ("PART", $"{part}")).Output.TrimEnd() is var output)
        {
            output.Length.Should().BeLessThan(24_000, "SSM shows no more");
            packed += output.Replace(BuiltInScripts.MoreInventory, "");
            part++;
            if (!output.EndsWith(BuiltInScripts.MoreInventory, StringComparison.Ordinal))
            {
                break;
            }
        }

        part.Should().BeGreaterThan(2);
        Inventory.Parse(packed)!.Installed.Should().HaveCount(2500);
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
