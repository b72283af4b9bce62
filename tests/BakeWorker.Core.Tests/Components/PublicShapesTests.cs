using System.Net;
using System.Security.Cryptography;
using System.Text;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Components;

/// <summary>The shapes that public component documents have, written anew: each runs, or is refused with the key that is in the way.</summary>
public sealed class PublicShapesTests : IDisposable
{
    private readonly ComponentBox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public void UpdateAndReboot_BecomeStepsThatRestart()
    {
        var recipe = _box.Recipe(
            """
            name: update-everything
            description: All packages, but the kernel
            schemaVersion: 1.0
            phases:
              - name: build
                steps:
                  - name: UpdateStep
                    action: UpdateOS
                    onFailure: Abort
                    maxAttempts: 3
                    inputs:
                      exclude: [kernel]
                  - name: RebootStep
                    action: Reboot
                    onFailure: Abort
                    maxAttempts: 2
                    inputs:
                      delaySeconds: 60
            """
        );

        recipe
            .Steps.Select(step => (step.Name, step.Reboot, step.Retries, step.Timeout))
            .Should()
            .Equal(
                ("app.update-step", RebootPolicy.IfNeeded, 2, TimeSpan.FromHours(2)),
                ("app.reboot-step", RebootPolicy.Always, 1, TimeSpan.FromHours(2))
            );
        recipe.Steps[0].Environment.Should().Contain("IN_EXCLUDE", "kernel");
    }

    [Fact]
    public void Agent_WithItsConfiguration_IsWrittenAsItStands()
    {
        var runs = _box.Run(
            """
            name: metrics-agent
            schemaVersion: 1.0
            parameters:
              - Namespace:
                  type: string
                  default: house
                  description: Namespace of the metrics
            constants:
              - Folder:
                  type: string
                  value: @ROOT@/opt/agent/etc
            phases:
              - name: build
                steps:
                  - name: Folder
                    action: CreateFolder
                    inputs:
                      - path: '{{ Folder }}/'
                        permissions: 0750
                  - name: Configuration
                    action: CreateFile
                    inputs:
                      - path: '{{Folder}}/agent.json'
                        permissions: '0640'
                        content: |
                          { "namespace": "{{ Namespace }}", "dimensions": { "InstanceId": "${aws:InstanceId}" } }
                  - name: Link
                    action: CreateSymlink
                    inputs:
                      - path: @ROOT@/etc-agent.json
                        target: '{{ Folder }}/agent.json'
              - name: validate
                steps:
                  - name: IsThere
                    action: ExecuteBash
                    inputs:
                      commands:
                        - test -s @ROOT@/etc-agent.json
            """,
            "with: { Namespace: shop }"
        );

        runs.Should().OnlyContain(run => run.Run.ExitCode == 0);
        _box.File("etc-agent.json").Should().Be("{ \"namespace\": \"shop\", \"dimensions\": { \"InstanceId\": \"${aws:InstanceId}\" } }\n");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.Combine(_box.Root, "opt/agent/etc/agent.json"))
                .Should()
                .Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }
    }

    [Fact]
    public async Task Download_WithChecksum_AndWhatIsDoneWithIt()
    {
        var program = Encoding.UTF8.GetBytes("#!/bin/sh\necho installed \"$@\"\n");
        using var server = new HttpListener();
        var address = Listen(server);
        var served = ServeAsync(server, program);
        var component = $$"""
            name: installer
            schemaVersion: 1.0
            parameters:
              - Source: { type: string, default: '{{address}}tool.sh?os=linux' }
            phases:
              - name: build
                steps:
                  - name: Download
                    action: WebDownload
                    inputs:
                      - source: '{{"{{ Source }}"}}'
                        destination: '@ROOT@/downloads/'
                        checksum: {{Convert.ToHexString(SHA256.HashData(program))}}
                        algorithm: SHA256
                        overwrite: true
                  - name: Runnable
                    action: SetFilePermissions
                    inputs:
                      - path: '{{"{{ build.Download.outputs.destination }}"}}'
                        permissions: 0755
                  - name: Install
                    action: ExecuteBinary
                    inputs:
                      path: '{{"{{ build.Download.inputs[0].destination }}"}}tool.sh'
                      arguments: ['--into', /opt/my app]
            """;

        var runs = _box.Run(component);
        server.Stop();
        await served;

        runs.Select(run => run.Run.ExitCode).Should().Equal([0, 0, 0], "{0}", runs);
        runs[^1].Run.Output.Should().Be("installed --into /opt/my app\n");
    }

    [Fact]
    public async Task Download_OfSomethingElse_Fails_AndLeavesNothing()
    {
        using var server = new HttpListener();
        var address = Listen(server);
        var served = ServeAsync(server, "surprise"u8.ToArray());

        var runs = _box.Run(
            $$"""
            schemaVersion: 1.0
            phases:
              - name: build
                steps:
                  - name: Download
                    action: WebDownload
                    inputs:
                      - { source: '{{address}}x', destination: '@ROOT@/x', checksum: '{{new string('0', 64)}}' }
            """
        );
        server.Stop();
        await served;

        runs.Single().Run.ExitCode.Should().Be(1);
        runs.Single().Run.Error.Should().Contain("does not have the checksum");
        Directory.EnumerateFiles(_box.Root, "x*").Should().BeEmpty();
    }

    [Fact]
    public void Download_WithoutChecksum_IsRefused() =>
        _box.Errors(
                """
                name: cli
                schemaVersion: 1.0
                phases:
                  - name: build
                    steps:
                      - name: Download
                        action: WebDownload
                        inputs:
                          - source: https://downloads.example/cli.zip
                            destination: /tmp/cli.zip
                """
            )
            .Should()
            .Equal(
                $"components/app.yaml:9:13: phases[0].steps[0].inputs[0].checksum is missing; add it, as in checksum: '{new string('0', 64)}'"
            );

    [Fact]
    public void Loop_OverADelimitedParameter_IsAStepForEachTurn()
    {
        var runs = _box.Run(
            """
            name: hosts
            schemaVersion: 1.0
            parameters:
              - Hosts:
                  type: string
                  default: one,two three
            phases:
              - name: build
                steps:
                  - name: Ping
                    action: ExecuteBash
                    loop:
                      name: host
                      forEach:
                        list: '{{ Hosts }}'
                        delimiter: ','
                    inputs:
                      commands:
                        - echo {{ loop.index }} {{ host.value }}
                  - name: Count
                    action: ExecuteBash
                    loop:
                      for: { start: 10, end: 6, updateBy: -2 }
                    inputs:
                      commands: ['echo {{ loop.value }}']
                  - name: All
                    action: ExecuteBash
                    inputs:
                      commands: ['printf "%s" "{{ build.Ping.outputs.stdout }}" | wc -l']
            """
        );

        runs.Select(run => (run.Name, run.Run.Output.Trim()))
            .Should()
            .Equal(
                ("app.ping", "0 one"),
                ("app.ping-2", "1 two three"),
                ("app.count", "10"),
                ("app.count-2", "8"),
                ("app.count-3", "6"),
                ("app.all", "1")
            );
    }

    [Fact]
    public void Outputs_OfEarlierSteps_AreReadInTheGuest()
    {
        var runs = _box.Run(
            """
            name: versions
            schemaVersion: 1.0
            phases:
              - name: build
                steps:
                  - name: Version
                    action: ExecuteBash
                    inputs:
                      commands: ["echo '7.1 \"beta\" $HOME'"]
                  - name: Note
                    action: CreateFile
                    inputs:
                      - path: @ROOT@/version
                        content: "it is {{ build.Version.outputs.stdout }}!\n"
                  - name: Read
                    action: ReadFile
                    inputs:
                      - path: '{{ build.Note.inputs[0].path }}'
                  - name: Say
                    action: ExecuteBash
                    inputs:
                      commands:
                        - text='{{ build.Read.outputs.content }}'
                        - echo "[$text]"
            """
        );

        runs.Should().OnlyContain(run => run.Run.ExitCode == 0);
        _box.File("version").Should().Be("it is 7.1 \"beta\" $HOME!\n");
        runs[^1].Run.Output.Should().Be("[it is 7.1 \"beta\" $HOME!]\n");
    }

    [Fact]
    public void Test_OnTheImage_SeesItsOwnStage_NotTheBuilder()
    {
        const string Component = """
            name: web
            schemaVersion: 1.0
            phases:
              - name: test
                steps:
                  - name: Page
                    action: ExecuteBash
                    timeoutSeconds: 60
                    onFailure: Continue
                    inputs: { commands: [echo hello] }
                  - name: Greets
                    action: ExecuteBash
                    inputs: { commands: ['test "{{ test.Page.outputs.stdout }}" = hello'] }
              - name: build
                steps:
                  - name: Install
                    action: ExecuteBash
                    inputs: { commands: ['true'] }
            """;
        var recipe = _box.Recipe(Component);

        recipe.Steps.Select(step => step.Name).Should().Equal("app.install");
        recipe
            .Tests.Select(test => (test.Name, test.Timeout))
            .Should()
            .Equal(("app.page", TimeSpan.FromMinutes(1)), ("app.greets", TimeSpan.FromHours(2)));
        _box.Run(Component).Should().OnlyContain(run => run.Run.ExitCode == 0);
        _box.Errors(Component.Replace("test.Page", "build.Install"))
            .Should()
            .Equal(
                "components/app.yaml:13:30: {{ build.Install.outputs.stdout }} is in another stage: phase test runs on another instance than phase build."
            );
    }

    [Fact]
    public void PowerShell_OfAWindowsComponent_TravelsAsItIs_AndItsRegistryModuleIsRefused()
    {
        const string Component = """
            name: iis
            schemaVersion: 1.0
            phases:
              - name: build
                steps:
                  - name: Features
                    action: ExecutePowerShell
                    inputs:
                      commands:
                        - Install-WindowsFeature Web-Server
                        - if ($LASTEXITCODE) { exit 3010 }
                  - name: Reboot
                    action: Reboot
            """;
        var recipe = _box.Recipe(Component, platform: "windows");

        recipe
            .Steps[0]
            .Script.Should()
            .Be(
                "# Features (ExecutePowerShell) of components/app.yaml\nInstall-WindowsFeature Web-Server\nif ($LASTEXITCODE) { exit 3010 }\n"
            );
        recipe.Steps.Select(step => step.Reboot).Should().Equal(RebootPolicy.WhenAsked, RebootPolicy.Always);
        _box.Errors(Component.Replace("ExecutePowerShell", "SetRegistry"), platform: "windows")
            .Should()
            .ContainSingle()
            .Which.Should()
            .Be(
                "components/app.yaml:7:17: phases[0].steps[0].action is 'SetRegistry', which is not supported: write Set-ItemProperty in ExecutePowerShell."
            );
    }

    [Theory]
    [InlineData("S3Download", "[{ source: 's3://bucket/key', destination: /tmp/key }]", "which is not supported: it checks no checksum")]
    [InlineData("S3Upload", "[{ source: /tmp/log, destination: 's3://bucket/' }]", "which is not supported: a builder has no right")]
    [InlineData("ExecuteDocument", "{ document: other.yaml }", "which is not supported: give the other document a step of its own")]
    [InlineData("Assert", "{ stringEquals: { value: a, equals: a } }", "which is not supported: write the check in ExecuteBash")]
    [InlineData("ExecutePowerShell", "{ commands: [dir] }", "which a recipe for linux cannot run; write it in ExecuteBash.")]
    [InlineData("ExecuteBsh", "{ commands: [dir] }", "which is no action module; did you mean 'ExecuteBash'?")]
    public void Module_ThatIsNotSupported_IsNamedWithItsPlace(string action, string inputs, string why) =>
        _box.Errors(
                $"schemaVersion: 1.0\nphases:\n  - name: build\n    steps:\n      - name: a\n        action: {action}\n        inputs: {inputs}\n"
            )
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith($"components/app.yaml:6:17: phases[0].steps[0].action is '{action}', {why}");

    [Theory]
    [InlineData("if: { fileExists: /etc/hosts }", "7:13: phases[0].steps[0].if is not supported")]
    [InlineData("timeoutSeconds: -1", "7:25: phases[0].steps[0].timeoutSeconds is '-1', which is outside 10 to 28800")]
    [InlineData("onFailure: Retry", "7:20: phases[0].steps[0].onFailure is 'Retry', which is not known here")]
    [InlineData("maxAttempts: 12", "7:22: phases[0].steps[0].maxAttempts is '12', which is outside 1 to 6")]
    [InlineData("retries: 2", "7:9: phases[0].steps[0].retries is not a field of a step")]
    [InlineData("loop: { forEach: '{{ build.b.outputs.stdout }}' }", "7:26: {{ build.b.outputs.stdout }} names no step that runs before")]
    public void Key_ThatIsNotSupported_IsNamedWithItsPlace(string key, string error) =>
        _box.Errors(
                $"schemaVersion: 1.0\nphases:\n  - name: build\n    steps:\n      - name: a\n        action: ExecuteBash\n        {key}\n        inputs: {{ commands: ['true'] }}\n"
            )
            .Should()
            .Contain(shown => shown.StartsWith($"components/app.yaml:{error}", StringComparison.Ordinal));

    [Fact]
    public void Phase_OfContainers_IsRefused() =>
        _box.Errors(
                "schemaVersion: 1.0\nphases:\n  - name: container-host-test\n    steps: [{ name: a, action: ExecuteBash, inputs: { commands: ['true'] } }]\n"
            )
            .Should()
            .Equal(
                "components/app.yaml:3:11: phases[0].name is 'container-host-test', which is not supported: no containers are built here; the phases are build, validate, test."
            );

    private static string Listen(HttpListener server)
    {
        for (var port = 20_000 + Random.Shared.Next(20_000); ; port++)
        {
            server.Prefixes.Clear();
            server.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                server.Start();
                return server.Prefixes.Single();
            }
            catch (HttpListenerException)
            {
                // Somebody else has that port.
            }
        }
    }

    private static async Task ServeAsync(HttpListener server, byte[] content)
    {
        try
        {
            while (true)
            {
                var context = await server.GetContextAsync();
                await context.Response.OutputStream.WriteAsync(content, CancellationToken.None);
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
