using BakeWorker.LocalCloud.Guests;
using BakeWorker.Testing;

namespace BakeWorker.Tests.Processes;

/// <summary><c>shell</c> as a process of its own: through the door of a guest that runs here, and by the AWS CLI otherwise.</summary>
public sealed class ShellProcessTests : IDisposable
{
    private const string Instance = "i-0123456789abcdef0";
    private readonly string _folder = Directory.CreateTempSubdirectory("bakeworker-shell-").FullName;
    private readonly Dictionary<string, string> _environment;

    public ShellProcessTests() =>
        _environment = new()
        {
            ["HOME"] = _folder,
            ["BAKEWORKER__CACHE"] = Path.Combine(_folder, "cache"),
            ["PATH"] = $"{_folder}/bin:/usr/local/bin:/usr/bin:/bin",
        };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Guest_WithADoor_IsEnteredThroughIt_AndItsExitCodeIsOurs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The door of this test is a Unix shell.");
        var doors = new GuestDoors(Path.Combine(_folder, "cache"));
        var door = new GuestDoor(Instance, "sandbox", ["/bin/sh", "-c", "echo \"$WHO in $0: $*\"; exit 7", Instance])
        {
            Variables = new Dictionary<string, string> { ["WHO"] = "root" },
        };
        using (doors.Open(door))
        {
            await using var shell = BakeWorkerProcess.Start(_folder, _environment, "shell", Instance, "--", "ls", "-l");

            (await shell.ExitAsync()).Should().Be(7);
            shell.Output.TrimEnd().Should().Be($"root in {Instance}: ls -l");
            doors.Open().Should().Equal(Instance);
        }

        doors.Open().Should().BeEmpty();
        doors.Find(Instance).Should().BeNull();
    }

    [Fact]
    public async Task Guest_AmongOthers_IsTheOneThatWasNamed_AndAStrangerIsNone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The doors of this test are Unix shells.");
        var doors = new GuestDoors(Path.Combine(_folder, "cache"));
        using var first = doors.Open(Echo("i-00000000000000001"));
        using var named = doors.Open(Echo(Instance));
        using var last = doors.Open(Echo("i-0fffffffffffffff0"));

        await using (var shell = BakeWorkerProcess.Start(_folder, _environment, "shell", Instance, "--", "id"))
        {
            (await shell.ExitAsync()).Should().Be(0, shell.Error);
            shell.Output.TrimEnd().Should().Be($"in {Instance}: id");
        }

        await using var stranger = BakeWorkerProcess.Start(_folder, _environment, "shell", "i-0aaaaaaaaaaaaaaa0", "--", "id");
        (await stranger.ExitAsync()).Should().Be(2);
        stranger.Output.Trim().Should().BeEmpty();
        stranger.Error.Should().Contain($"on this machine run i-00000000000000001, {Instance}, i-0fffffffffffffff0");
    }

    [Fact]
    public async Task Guest_OfAnotherDataFolder_IsFoundThere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The door of this test is a Unix shell.");
        _environment.Remove("BAKEWORKER__CACHE");
        using var door = new GuestDoors(Path.Combine(_folder, "elsewhere", "cache")).Open(Echo(Instance));

        await using var shell = BakeWorkerProcess.Start(_folder, _environment, "shell", Instance, "--data", "elsewhere", "--", "id");

        (await shell.ExitAsync()).Should().Be(0, shell.Error);
        shell.Output.TrimEnd().Should().Be($"in {Instance}: id");
    }

    [Fact]
    public async Task Door_OfAProcessThatDied_IsNone()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "cache", "doors")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, $"{Instance}.json"), "{}", TestContext.Current.CancellationToken);
        await using var shell = BakeWorkerProcess.Start(_folder, _environment, "shell", Instance, "--", "ls");

        (await shell.ExitAsync()).Should().Be(2);
        shell.Error.Should().Contain("no guest runs on this machine, and Systems Manager opens a shell only");
        Directory.EnumerateFileSystemEntries(folder).Should().BeEmpty();
    }

    [Fact]
    public void Door_ThatOpens_ClearsAwayThoseOfProcessesThatDied()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "cache", "doors")).FullName;
        File.WriteAllText(Path.Combine(folder, "i-0dead0dead0dead00.json"), "{}");
        var doors = new GuestDoors(Path.Combine(_folder, "cache"));

        using var first = doors.Open(Echo("i-00000000000000001"));
        using var second = doors.Open(Echo(Instance));

        Directory
            .EnumerateFiles(folder, "*.json")
            .Select(Path.GetFileNameWithoutExtension)
            .Should()
            .BeEquivalentTo("i-00000000000000001", Instance);
    }

    [Fact]
    public async Task Instance_OfAnAccount_IsLeftToTheAwsCli()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for the AWS CLI is a Unix script.");
        var aws = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName, "aws");
        await File.WriteAllTextAsync(aws, "#!/bin/sh\necho \"aws $*\"\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(aws, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await using var shell = BakeWorkerProcess.Start(_folder, _environment, "shell", Instance, "--region", "eu-west-1");

        (await shell.ExitAsync()).Should().Be(0, shell.Error);
        shell.Output.TrimEnd().Should().Be($"aws ssm start-session --region eu-west-1 --target {Instance}");
    }

    private static GuestDoor Echo(string instance) => new(instance, "sandbox", ["/bin/sh", "-c", "echo \"in $0: $*\"", instance]);
}
