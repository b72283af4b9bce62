using System.Text;

namespace BakeWorker.Core.Tests.Scripts;

/// <summary>Files that searches stumble over: names no one would give, links, pipes, binaries, files too large to read whole.</summary>
public sealed class OddFilesTests : IDisposable
{
    private static readonly string Token = PlantedSecrets.All.First(planted => planted.Rule == "github-token").Text.Trim();
    private readonly FakeRoot root = new();

    public void Dispose() => root.Dispose();

    [Theory]
    [InlineData("two\nlines", "two?lines")]
    [InlineData("a\ttab", "a?tab")]
    [InlineData("it's \"quoted\" $(id) `id`", "it's \"quoted\" $(id) `id`")]
    [InlineData("-rf", "-rf")]
    [InlineData(" blanks ", " blanks ")]
    [InlineData("back\\slash*?[x]", "back\\slash*?[x]")]
    [InlineData("Schlüssel", "Schl??ssel")]
    public void Name_ThatNobodyWouldGive_IsFoundAndShownOnOneLine(string name, string shown)
    {
        root.Write($"srv/{name}", Token);

        Sweep().Lines.Skip(1).Should().ContainSingle().Which.Should().StartWith($"github-token\t/srv/{shown}\tline 1: ");
    }

    [Fact]
    public void Name_ThatIsNoText_IsFoundToo()
    {
        // No path of .NET's can hold these bytes.
        ScriptRun
            .Of("/bin/sh", ["-c", "printf '%s' \"$1\" >\"$0/$(printf 'a\\377\\376b')\"", root.Path("root"), Token], [])
            .ExitCode.Should()
            .Be(0);

        Sweep().Lines[1].Should().StartWith("github-token\t/root/a??b\t");
    }

    [Fact]
    public void Name_ThatHoldsATokenItself_IsMasked()
    {
        var token = Token.Split(' ')[^1];
        root.Write($"srv/{token}.p12", "x");

        var run = Sweep();

        run.Output.Should().Contain("key-store\t/srv/ghp_....p12\t").And.NotContain(token);
    }

    [Fact]
    public void Link_OutOfTheImage_IsNotFollowed()
    {
        using var elsewhere = new FakeRoot();
        elsewhere.Write("secret", Token);
        Directory.CreateDirectory(root.Path("root/.aws"));
        File.CreateSymbolicLink(root.Path("root/.aws/credentials"), elsewhere.Path("secret"));
        File.CreateSymbolicLink(root.Path("srv"), elsewhere.Folder);
        File.CreateSymbolicLink(root.Path("root/.netrc"), "/dev/zero");
        File.CreateSymbolicLink(root.Path("root/.pgpass"), ".pgpass");

        Sweep().ExitCode.Should().Be(0);
    }

    [Fact]
    public void Link_WithinTheImage_LeadsToAFinding()
    {
        root.Write("home/admin/dotfiles/netrc", "machine x");
        File.CreateSymbolicLink(root.Path("home/admin/.netrc"), root.Path("home/admin/dotfiles/netrc"));

        Sweep().Lines[1].Should().StartWith("netrc\t/home/admin/.netrc\t");
    }

    [Fact]
    public void Pipe_ThatNobodyWritesTo_IsNotWaitedFor()
    {
        Directory.CreateDirectory(root.Path("root/.aws"));
        ScriptRun.Of("mkfifo", [root.Path("root/.aws/credentials"), root.Path("root/.npmrc"), root.Path("tmp/pipe")], []);

        Sweep().ExitCode.Should().Be(0);
    }

    [Fact]
    public void Binary_WithATokenInIt_IsFound()
    {
        Directory.CreateDirectory(root.Path("srv"));
        File.WriteAllBytes(root.Path("srv/program"), [0x7f, .. "ELF"u8, 0, 1, 2, 0, 0xff, .. Encoding.ASCII.GetBytes(Token), 0, 3, 0xfe]);

        Sweep().Lines[1].Should().StartWith("github-token\t/srv/program\t");
    }

    [Fact]
    public void FileTooLargeToReadWhole_IsReadAtItsBeginning_AndCounted()
    {
        Directory.CreateDirectory(root.Path("srv"));
        using (var file = File.Create(root.Path("srv/dump.sql")))
        {
            file.Write(Encoding.ASCII.GetBytes($"-- {Token}\n"));
            file.SetLength(200L * 1024 * 1024);
        }

        var run = Sweep();

        run.Lines[0].Should().Contain(" 1 more in part");
        run.Lines[1].Should().StartWith("github-token\t/srv/dump.sql\t");
    }

    [Fact]
    public void Directory_ThatIsNamedLikeACredential_IsNone()
    {
        Directory.CreateDirectory(root.Path("root/.netrc"));
        Directory.CreateDirectory(root.Path("srv/backup.p12"));

        Sweep().ExitCode.Should().Be(0);
    }

    private ScriptRun Sweep() => root.RunBuiltIn("hygiene-builder", ("SINCE", "0"));
}
