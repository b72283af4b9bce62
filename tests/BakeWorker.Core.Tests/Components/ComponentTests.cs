using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Components;

/// <summary>How components fit into recipes.</summary>
public sealed class ComponentTests : IDisposable
{
    private const string Head = "schemaVersion: 1.0\nphases:\n  - name: build\n    steps:\n";
    private readonly ComponentBox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public void Value_OfARequest_ReachesFilesAndPrograms_ButNoShell()
    {
        const string Hostile = "$(touch /tmp/hit)`id`'\";${IFS}";
        var runs = _box.Run(
            "parameters:\n  - Version: { type: string }\n"
                + Head
                + "      - { name: a, action: ExecuteBinary, inputs: { path: /bin/echo, arguments: ['v{{ Version }}'] } }\n"
                + "      - { name: b, action: CreateFile, inputs: [{ path: '@ROOT@/b', content: '{{ Version }}' }] }\n",
            "with: { Version: '${appVersion}' }",
            Hostile
        );

        runs[0].Run.Output.Should().Be($"v{Hostile}\n");
        _box.File("b").Should().Be(Hostile);
        _box.Errors(
                "parameters:\n  - Version: { type: string }\n"
                    + Head
                    + "      - { name: a, action: ExecuteBash, inputs: { commands: ['install app-{{ Version }}'] } }\n",
                "with: { Version: '${appVersion}' }"
            )
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("the commands hold a value of the request, ${appVersion}");
    }

    [Fact]
    public void Parameters_AreHeldAgainstTheDocument()
    {
        var errors = _box.Errors(
            "parameters:\n  - Version: { type: string }\n" + Head + "      - { name: a, action: Reboot }\n",
            "with: { Verson: '1' }"
        );

        errors
            .Should()
            .BeEquivalentTo(
                "recipe.yaml:9:45: steps[0].with.Version is missing; components/app.yaml takes it and has no default for it.",
                "recipe.yaml:9:82: steps[0].with.Verson is no parameter of components/app.yaml; did you mean 'Version'?"
            );
    }

    [Fact]
    public void Reference_ThatNamesNothing_IsAnError_AndOtherBracesAreLeftAlone()
    {
        _box.Errors(
                "constants:\n  - Port: { type: string, value: '80' }\n"
                    + Head
                    + "      - { name: a, action: ExecuteBash, inputs: { commands: ['echo {{ Prot }}'] } }\n"
            )
            .Should()
            .Equal("components/app.yaml:7:62: {{ Prot }} is no parameter and no constant of the component; did you mean 'Port'?");
        _box.Run(Head + "      - { name: a, action: ExecuteBash, inputs: { commands: [\"echo '{{.Names}} ${HOME:+home}'\"] } }\n")
            .Single()
            .Run.Output.Should()
            .Be("{{.Names}} ${HOME:+home}\n");
    }

    [Fact]
    public void Validation_RunsAfterAllSteps_AndBeforeTheCleanup()
    {
        using var box = new Recipes.RecipeBox();
        box.Write(
            "web/components/app.yaml",
            Head
                + "      - { name: Make, action: Reboot }\n  - name: validate\n    steps:\n      - { name: Check, action: ExecuteBash, inputs: { commands: ['true'] } }\n"
        );
        var reading = box.ReadWith(
            "  - name: agent\n    phase: install\n    document: AWS-ConfigureAWSPackage\n    with: { action: Install, name: AmazonCloudWatchAgent }\n",
            "  - { name: app, phase: install, component: components/app.yaml }\n  - { name: last, phase: install, run: steps/install.sh, env: { A: '${appVersion}' } }\n  - { name: clean, phase: cleanup, run: steps/install.sh }\n"
        );

        reading.Errors.Should().BeEmpty();
        reading.Recipe!.Steps.Select(step => step.Name).Should().Equal("patch", "install", "app.make", "last", "app.check", "clean");
    }

    [Fact]
    public void Component_CountsInTheDigest()
    {
        var one = _box.Recipe(Head + "      - { name: a, action: Reboot }\n").Digest;

        _box.Recipe(Head + "      - { name: a, action: Reboot, maxAttempts: 2 }\n").Digest.Should().NotBe(one);
    }

    [Theory]
    [InlineData("retries: 2", "retries is given for a component, whose own steps say so by maxAttempts; remove it.")]
    [InlineData("reboot: always", "reboot is given for a component, whose own steps say so by Reboot; remove it.")]
    [InlineData("env: { A: b }", "env is given for a component, which has no environment; use with.")]
    public void Field_ThatComponentsDoNotHave_IsRefused(string field, string error) =>
        _box.Errors(Head + "      - { name: a, action: Reboot }\n", field).Should().ContainSingle().Which.Should().EndWith(error);

    [Theory]
    [InlineData(
        "CreateFile",
        "[{ path: '@ROOT@/made/a', content: x }, { path: '@ROOT@/made/a', content: y, overwrite: False }]",
        1,
        "overwrite is false"
    )]
    [InlineData("AppendFile", "[{ path: '@ROOT@/kept/a', content: '2' }]", 0, "")]
    [InlineData("CopyFile", "[{ source: '@ROOT@/kept/*', destination: '@ROOT@/copies/' }]", 0, "")]
    [InlineData("CopyFile", "[{ source: '@ROOT@/kept/*', destination: '@ROOT@/copies' }]", 1, "must end in /")]
    [InlineData("CopyFile", "[{ source: '@ROOT@/none', destination: '@ROOT@/copies/' }]", 1, "there is no")]
    [InlineData("CopyFolder", "[{ source: '@ROOT@/kept', destination: '@ROOT@/copies/' }]", 0, "")]
    [InlineData("MoveFile", "[{ source: '@ROOT@/kept/a', destination: '@ROOT@/moved/b' }]", 0, "")]
    [InlineData("MoveFolder", "[{ source: '@ROOT@/kept/', destination: '@ROOT@/moved' }]", 0, "")]
    [InlineData("DeleteFile", "[{ path: '@ROOT@/kept/a*' }]", 0, "")]
    [InlineData("DeleteFile", "[{ path: '@ROOT@/kept' }]", 1, "is a folder")]
    [InlineData("DeleteFolder", "[{ path: '@ROOT@/kept' }]", 1, "")]
    [InlineData("DeleteFolder", "[{ path: '@ROOT@/kept', force: true }]", 0, "")]
    [InlineData("CreateSymlink", "[{ path: '@ROOT@/link', target: '@ROOT@/none' }]", 1, "does not exist")]
    [InlineData("CreateFolder", "[{ path: '@ROOT@/kept', overwrite: false }]", 1, "overwrite is false")]
    [InlineData("SetFolderPermissions", "[{ path: '@ROOT@/kept', permissions: '0700', recursive: false }]", 0, "")]
    [InlineData("SetFileOwner", "[{ path: '@ROOT@/none', owner: root }]", 1, "there is no file")]
    public void FileModule_EndsAsItsDocumentSays(string action, string inputs, int exitCode, string error)
    {
        var made = Directory.CreateDirectory(Path.Combine(_box.Root, "kept")).FullName;
        File.WriteAllText(Path.Combine(made, "a"), "1");
        File.WriteAllText(Path.Combine(made, "a b"), "2");

        var run = _box.Run(Head + $"      - {{ name: a, action: {action}, inputs: {inputs} }}\n").Single().Run;

        run.ExitCode.Should().Be(exitCode, run.Error);
        run.Error.Contains(error, StringComparison.Ordinal).Should().BeTrue(run.Error);
        string Content(string path) => File.ReadAllText(Path.Combine(_box.Root, path));
        switch (action)
        {
            case "AppendFile":
                Content("kept/a").Should().Be("12");
                break;
            case "CopyFile" when exitCode == 0:
                Content("copies/a b").Should().Be("2");
                break;
            case "CopyFolder":
                Content("copies/kept/a b").Should().Be("2");
                break;
            case "MoveFile":
                Content("moved/b").Should().Be("1");
                break;
            case "MoveFolder":
                Content("moved/a").Should().Be("1");
                break;
            case "DeleteFile" when exitCode == 0:
                Directory.EnumerateFiles(made).Should().BeEmpty();
                break;
            case "DeleteFolder":
                Directory.Exists(made).Should().Be(exitCode != 0);
                break;
        }
    }

    [Fact]
    public void ListFiles_AreOneText_AndAScriptMayAskForARestart()
    {
        Directory.CreateDirectory(Path.Combine(_box.Root, "kept"));
        File.WriteAllText(Path.Combine(_box.Root, "kept/b.log"), "");
        File.WriteAllText(Path.Combine(_box.Root, "kept/a.log"), "");

        var runs = _box.Run(
            Head
                + "      - { name: Logs, action: ListFiles, inputs: [{ path: '@ROOT@/kept', fileNamePattern: '*.log' }] }\n"
                + "      - { name: Say, action: ExecuteBash, inputs: { commands: ['echo {{ build.Logs.outputs.files }}', exit 194] } }\n"
        );

        runs[0].Run.Output.Should().Be($"{_box.Root}/kept/a.log,{_box.Root}/kept/b.log\n");
        runs[1].Run.ExitCode.Should().Be(194, "SSM restarts the guest and runs the step again");
    }

    [Fact]
    public void Update_HoldsWhatItExcludes_AndOnlyReleasesWhatItHeld()
    {
        File.WriteAllText(Path.Combine(_box.Root, "holds"), "kept\n");
        _box.Command(
            "apt-mark",
            """
            case $1 in
              showhold) cat "$ROOT/holds" ;;
              hold) shift; for one; do echo "$one" >> "$ROOT/holds"; done ;;
              unhold) shift; for one; do sed -i "/^$one\$/d" "$ROOT/holds"; done ;;
            esac
            """
        );
        _box.Command("apt-get", """case "$*" in *upgrade*) cp "$ROOT/holds" "$ROOT/during" ;; esac""");

        var runs = _box.Run(Head + "      - { name: Update, action: UpdateOS, inputs: { exclude: [kept, kernel] } }\n");

        runs.Should().OnlyContain(run => run.Run.ExitCode == 0);
        _box.File("during").Should().Be("kept\nkernel\n");
        _box.File("holds").Should().Be("kept\n", "somebody held it before, for a reason of theirs");
    }
}
