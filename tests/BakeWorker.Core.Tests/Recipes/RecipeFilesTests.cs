using System.Security.Cryptography;
using System.Text;

namespace BakeWorker.Core.Tests.Recipes;

/// <summary>Scripts and waivers that a recipe names.</summary>
public sealed class RecipeFilesTests : IDisposable
{
    private readonly RecipeBox box = new();

    public void Dispose() => box.Dispose();

    [Theory]
    [InlineData(
        "#!/bin/sh\necho a\r\necho b\r\n",
        "2:1",
        "this line ends in CRLF, which the guest's shell does not understand; save the file with LF."
    )]
    [InlineData("echo a\n", "1:1", "the script begins with 'echo a'; its first line must name the interpreter, as in #!/bin/sh")]
    [InlineData("#!bash\n", "1:1", "the script begins with '#!bash'; its first line must name the interpreter, as in #!/bin/sh")]
    [InlineData(" \n\n", "1:1", "the script is empty; write what it should do, or remove the step.")]
    [InlineData(
        "\uFEFF#!/bin/sh\n",
        "1:1",
        "the script begins with a byte-order mark, which hides its #! line; save it as UTF-8 without one."
    )]
    [InlineData("#!/bin/sh\n\0", "1:1", "the script is not UTF-8 text; save it as UTF-8.")]
    public void Script_ThatNoGuestCouldRun_IsAnErrorInTheScript(string script, string place, string message)
    {
        box.Write("web/steps/install.sh", Encoding.UTF8.GetBytes(script));

        box.Shown(box.Read()).Should().Equal($"web/steps/install.sh:{place}: {message}");
    }

    [Fact]
    public void Script_LargerThanSsmCarries_IsAnErrorOfItsStep()
    {
        var noise = Convert.ToBase64String(SHA512.HashData("seed"u8));
        var script = new StringBuilder("#!/bin/sh\n");
        for (var i = 0; i < 1500; i++)
        {
            noise = Convert.ToBase64String(SHA512.HashData(Encoding.ASCII.GetBytes(noise)));
            script.Append($"# {noise}\n");
        }

        box.Write("web/steps/install.sh", script.ToString());

        box.Shown(box.Read())
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match("web/recipe.yaml:24:5: step/install/1: the script and its environment take *");
    }

    [Fact]
    public void Script_LinkedFromOutside_IsRefused()
    {
        using var outside = new RecipeBox();
        File.Delete(Path.Combine(box.Folder, "web/steps/install.sh"));
        File.CreateSymbolicLink(Path.Combine(box.Folder, "web/steps/install.sh"), Path.Combine(outside.Folder, "steps/linux/patch.sh"));

        box.Shown(box.Read())
            .Should()
            .Equal(
                $"web/recipe.yaml:26:10: steps[1].run names no usable file: steps/install.sh is a symbolic link out of web; put a copy in its place."
            );
    }

    [Fact]
    public void Script_InAFolderLinkedFromOutside_IsRefused()
    {
        using var outside = new RecipeBox();
        Directory.Delete(Path.Combine(box.Folder, "web/steps"), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(box.Folder, "web/steps"), Path.Combine(outside.Folder, "web/steps"));

        box.Shown(box.Read()).Should().ContainSingle().Which.Should().Contain("is a symbolic link out of");
    }

    [Fact]
    public void Script_LinkedWithinTheRecipe_IsRead()
    {
        box.Write("web/data/install.sh", "#!/bin/sh\ntrue\n");
        File.Delete(Path.Combine(box.Folder, "web/steps/install.sh"));
        File.CreateSymbolicLink(Path.Combine(box.Folder, "web/steps/install.sh"), "../data/install.sh");

        box.Read().Recipe!.Steps[1].Script.Should().Be("#!/bin/sh\ntrue\n");
    }

    [Fact]
    public void Script_LinksInACircle_IsAnErrorAndNoHang()
    {
        File.Delete(Path.Combine(box.Folder, "web/steps/install.sh"));
        File.CreateSymbolicLink(Path.Combine(box.Folder, "web/steps/install.sh"), "other.sh");
        File.CreateSymbolicLink(Path.Combine(box.Folder, "web/steps/other.sh"), "install.sh");

        box.Read().Errors.Should().ContainSingle();
    }

    [Fact]
    public void WindowsRecipe_PowerShellWithWindowsLineEnds_IsReadWithLf()
    {
        box.Write("steps/windows/patch.ps1", "Write-Output 1\r\nexit 0\r\n");
        box.Write(
            "win/recipe.yaml",
            """
            name: win
            owner: team
            platform: windows
            architecture: x86_64
            base: { image: ami-0123456789abcdef0, owners: [amazon] }
            steps: [{ name: patch, phase: patch, uses: windows/patch }]
            """
        );

        var recipe = box.Source.Find("win")!.Recipe!;

        recipe.Steps[0].Script.Should().Be("Write-Output 1\nexit 0\n");
        recipe.Builder.InstanceTypes.Should().Equal("t3.large", "t3a.large");
    }

    [Theory]
    [InlineData(
        "- { vulnerability: CVE-2024-1, reason: x, approvedBy: a }",
        "1:3",
        "waivers[0].expires is missing; add it, as in expires: 2031-12-31"
    )]
    [InlineData(
        "- { vulnerability: openssl, reason: x, approvedBy: a, expires: 2030-06-30 }",
        "1:20",
        "waivers[0].vulnerability is 'openssl', which does not fit; write an id such as CVE-2024-12345."
    )]
    [InlineData(
        "- { vulnerability: CVE-2024-1, reason: '', approvedBy: a, expires: 2030-06-30 }",
        "1:40",
        "waivers[0].reason is '', which is empty; write one line of text."
    )]
    [InlineData(
        "- { vulnerability: CVE-2024-1, reason: x, approvedBy: a, expires: 30.6.2030 }",
        "1:67",
        "waivers[0].expires is '30.6.2030', which is not a date; write a date such as 2031-12-31."
    )]
    [InlineData(
        "- { vulnerability: CVE-2024-1, reason: x, aprovedBy: a, expires: 2030-06-30 }",
        "1:43",
        "waivers[0].aprovedBy is not a field of a waiver; did you mean 'approvedBy'?"
    )]
    [InlineData("CVE-2024-1: accepted", "1:1", "waivers is a map of keys; write a list, as in […].")]
    public void Waivers_Wrong_AreErrorsInTheirFile(string yaml, string place, string message)
    {
        box.Write("web/waivers.yaml", yaml);

        box.Shown(box.Read()).Should().Contain($"web/waivers.yaml:{place}: {message}");
        box.Read().Recipe.Should().BeNull();
    }

    [Fact]
    public void Waivers_SameFindingTwice_AreAnError()
    {
        var waiver = "- { vulnerability: CVE-2024-1, package: zlib, reason: x, approvedBy: a, expires: 2030-06-30 }\n";
        box.Write("web/waivers.yaml", waiver + waiver);

        box.Shown(box.Read()).Should().Equal("web/waivers.yaml:2:3: CVE-2024-1 is waived twice for zlib; keep one of the two.");
    }

    [Theory]
    [InlineData("2029-12-31", true)]
    [InlineData("2030-01-01", false)]
    public void Waiver_AfterItsLastDay_IsWarnedAbout(string expires, bool warns)
    {
        box.Write("web/waivers.yaml", $"- {{ vulnerability: CVE-2024-1, reason: x, approvedBy: a, expires: {expires} }}\n");

        var reading = box.Read();

        reading.Recipe!.Scan.Waivers.Should().ContainSingle("the gate knows the day itself");
        box.Shown(reading)
            .Should()
            .Equal(
                warns ? [$"web/waivers.yaml:1:3: warning: CVE-2024-1 expired on {expires} and counts for nothing; renew or remove it."] : []
            );
    }
}
