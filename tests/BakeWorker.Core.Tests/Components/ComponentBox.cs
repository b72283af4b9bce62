using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Tests.Cloud;
using BakeWorker.Core.Tests.Recipes;

namespace BakeWorker.Core.Tests.Components;

/// <summary>A recipe with one component, whose steps can be run here for real.</summary>
internal sealed class ComponentBox : IDisposable
{
    private readonly RecipeBox _recipes = new();
    private readonly Lazy<Guest> _guest = new(() => new Guest());

    /// <summary>Where components write: <c>@ROOT@</c> in their text.</summary>
    public string Root => _guest.Value.Root;

    /// <summary>Reads the recipe with this component as its only step, after what <paramref name="more"/> says of that step.</summary>
    public RecipeReading Read(string component, string more = "", string platform = "linux")
    {
        _recipes.Write("web/components/app.yaml", component);
        _recipes.Write(
            "web/recipe.yaml",
            $$"""
            name: web
            owner: web-team
            platform: {{platform}}
            architecture: x86_64
            base: { parameter: /aws/service/debian/release/12/latest/amd64, owners: ["136693071363"] }
            parameters:
              appVersion: { pattern: '.*', default: 1.2.3 }
            steps:
              - { name: app, phase: install, component: components/app.yaml{{(more.Length == 0 ? "" : $", {more}")}} }
            """
        );
        return _recipes.Read();
    }

    /// <summary>The recipe, which must be right.</summary>
    public Recipe Recipe(string component, string more = "", string platform = "linux")
    {
        var reading = Read(component, more, platform);
        reading.Errors.Should().BeEmpty();
        return reading.Recipe!;
    }

    /// <summary>What is wrong with the component, as line:column and message.</summary>
    public IReadOnlyList<string> Errors(string component, string more = "", string platform = "linux") =>
        [
            .. Read(component, more, platform)
                .Errors.Select(error => error.ToString().Replace($"{_recipes.Folder}/web/", "", StringComparison.Ordinal)),
        ];

    /// <summary>Runs steps and tests in the recipe's order, each in the envelope in which it travels, and answers how they ended.</summary>
    public IReadOnlyList<(string Name, GuestRun Run)> Run(string component, string more = "", string appVersion = "1.2.3")
    {
        var guest = _guest.Value;
        Directory.CreateDirectory(guest.Path("var/lib"));
        if (!Directory.Exists(guest.Path("var/lib/bakeworker")))
        {
            Directory.CreateSymbolicLink(guest.Path("var/lib/bakeworker"), guest.Path("state"));
        }

        var recipe = Recipe(component.Replace("@ROOT@", guest.Root), more);
        return
        [
            .. recipe.Steps.Select(step => (step.Name, Run($"step/{step.Name}/1", step.Script!, step.Environment, step.Reboot))),
            .. recipe.Tests.Select(test => (test.Name, Run($"test/{test.Name}", test.Script, test.Environment, RebootPolicy.Never))),
        ];

        GuestRun Run(string key, string script, IReadOnlyDictionary<string, string> environment, RebootPolicy reboot) =>
            guest.Run(
                new StepScript
                {
                    Bake = Guest.Bake,
                    Key = key,
                    Text = script,
                    Environment = ParameterReferences
                        .Resolve(environment, new Dictionary<string, string> { ["appVersion"] = appVersion })
                        .Append(new("ROOT", guest.Root))
                        .Append(new("BAKE_ID", Guest.Bake.Value))
                        .Append(new("PATH", $"{guest.Path("bin")}:/usr/local/bin:/usr/bin:/bin"))
                        .ToDictionary(),
                    Reboot = reboot,
                }
            );
    }

    /// <summary>A command that stands for the system's own, as a script of sh.</summary>
    public void Command(string name, string script)
    {
        var file = Path.Combine(Directory.CreateDirectory(_guest.Value.Path("bin")).FullName, name);
        System.IO.File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    public string File(string path) => System.IO.File.ReadAllText(_guest.Value.Path(path));

    public void Dispose()
    {
        _recipes.Dispose();
        if (_guest.IsValueCreated)
        {
            _guest.Value.Dispose();
        }
    }
}
