using BakeWorker.Core.Bakes;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Sandbox;

/// <summary>A component of Image Builder in a whole bake, for real: built, restarted, validated, and tested on an instance of the image.</summary>
[Collection(SandboxTests.Name)]
public sealed class SandboxComponentTests(SandboxMachine machine)
{
    private const string Component = """
        name: greeter
        description: A program, its settings, and what proves them
        schemaVersion: 1.0
        parameters:
          - Greeting:
              type: string
              description: What it says
        constants:
          - Folder: { type: string, value: /opt/greeter }
        phases:
          - name: build
            steps:
              - name: Folder
                action: CreateFolder
                inputs:
                  - { path: '{{ Folder }}', permissions: 0755 }
              - name: Settings
                action: CreateFile
                inputs:
                  - { path: '{{ Folder }}/greeting', content: '{{ Greeting }}', permissions: 0644 }
              - name: Boot
                action: ExecuteBash
                inputs:
                  commands: ["cut -d ' ' -f 22 /proc/1/stat"]
              - name: Restart
                action: Reboot
              - name: AskForAnother
                action: ExecuteBash
                inputs:
                  commands:
                    - test -e {{ Folder }}/asked || { touch {{ Folder }}/asked; exit 194; }
                    - test "$(cut -d ' ' -f 22 /proc/1/stat)" != "{{ build.Boot.outputs.stdout }}"
              - name: Failing
                action: ExecuteBash
                onFailure: Ignore
                inputs: { commands: [exit 7] }
          - name: validate
            steps:
              - name: Remove
                action: DeleteFile
                inputs: [{ path: '{{ Folder }}/asked' }]
          - name: test
            steps:
              - name: Says
                action: ExecuteBash
                inputs: { commands: ['cat {{ Folder }}/greeting'] }
              - name: SaysIt
                action: ExecuteBash
                inputs: { commands: ['test "{{ test.Says.outputs.stdout }}" = "Good day" && test ! -e {{ Folder }}/asked'] }
        """;

    [Fact]
    public async Task Component_IsBuiltValidatedAndTested()
    {
        machine.Require();
        using var recipes = new RecipeFolder(recipe =>
            recipe.Replace(
                "  - { name: cleanup,",
                "  - { name: greeter, phase: install, component: components/greeter.yaml, timeout: 5m, with: { Greeting: Good day } }\n  - { name: cleanup,"
            )
        );
        var folder = Directory.CreateDirectory(Path.Combine(recipes.Path, "debian-12-base", "components"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "greeter.yaml"), Component, TestContext.Current.CancellationToken);

        await using var bake = machine.Start(
            new Dictionary<string, string>
            {
                ["BAKEWORKER__RECIPES"] = recipes.Path,
                ["BAKEWORKER__DATA"] = Path.Combine(machine.Folder, "component"),
            },
            "bake",
            "debian-12-base",
            "--guest",
            "sandbox",
            "--json"
        );

        (await bake.ExitAsync()).Should().Be(0, "{0}\n{1}", bake.Error, bake.Output);
        var result = BakeResultReader.Read(bake.Output)!;
        result.Outcome.Should().Be(Outcome.Published);
        result
            .Checks!.Where(check => check.Name.StartsWith("test greeter.", StringComparison.Ordinal))
            .Select(check => (check.Name, check.Result))
            .Should()
            .Equal(("test greeter.says", "passed"), ("test greeter.says-it", "passed"));
        bake.Error.Should().Contain("greeter.failing failed, which its component ignores");
    }
}
