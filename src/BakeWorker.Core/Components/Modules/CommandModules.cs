using System.Globalization;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Components.Modules;

/// <summary>ExecuteBash and ExecutePowerShell: all commands of a step are one script.</summary>
internal sealed class ShellModule(string name, Platform platform) : ActionModule(name)
{
    private static readonly Field<IReadOnlyList<string>> Commands = Field.Required(
        "commands",
        new TextListShape(),
        "Lines of the script.",
        "['true']"
    );
    private readonly SectionShape _shape = new($"an input of {name}", Commands);

    public override Platform? Only => platform;
    public override string Output => "stdout";

    public override ModuleCall? Read(Node? inputs, string path, Place place, Problems problems) =>
        TryRead(inputs, _shape, path, place, problems, out var section)
            ? new ModuleCall { Commands = string.Concat(section.Get(Commands).Select(line => line.EndsWith('\n') ? line : line + "\n")) }
            : null;
}

/// <summary>ExecuteBinary: a program with its arguments, which no shell reads.</summary>
internal sealed class BinaryModule() : ActionModule("ExecuteBinary")
{
    private static readonly Field<string> Path = Field.Required("path", Words.FreeValue, "The program.", "/usr/bin/true");
    private static readonly Field<IReadOnlyList<string>> Arguments = Field.Optional(
        "arguments",
        new TextListShape(),
        "none",
        "Its arguments.",
        "['-v']"
    );
    private static readonly SectionShape Shape = new("an input of ExecuteBinary", Path, Arguments);

    public override string Output => "stdout";

    public override ModuleCall? Read(Node? inputs, string path, Place place, Problems problems)
    {
        if (!TryRead(inputs, Shape, path, place, problems, out var section))
        {
            return null;
        }

        var environment = new Dictionary<string, string> { ["IN_PATH"] = section.Get(Path) };
        foreach (var (index, argument) in (section.Find(Arguments) ?? []).Index())
        {
            environment[string.Create(CultureInfo.InvariantCulture, $"IN_{index + 1}_ARGUMENT")] = argument;
        }

        return new ModuleCall
        {
            Lines = [$"exec {string.Join(' ', environment.Keys.Select(variable => $"\"${variable}\""))}"],
            Environment = environment,
        };
    }
}

/// <summary>Reboot: the envelope of every step restarts the guest and answers from another boot.</summary>
internal sealed class RebootModule() : ActionModule("Reboot")
{
    private static readonly SectionShape Shape = new(
        "an input of Reboot",
        Field.Optional("delaySeconds", new CountShape(0, 3600), "0", "Seconds before, which nothing needs here.", "60")
    );

    public override Platform? Only => null;

    public override ModuleCall? Read(Node? inputs, string path, Place place, Problems problems) =>
        inputs is null || Shape.TryRead(inputs, path, problems, out _) ? new ModuleCall { Reboot = RebootPolicy.Always } : null;
}

/// <summary>UpdateOS: the packages of the system, all or some.</summary>
internal sealed class UpdateModule() : ActionModule("UpdateOS")
{
    private static readonly Field<IReadOnlyList<string>> Include = Packages("include");
    private static readonly Field<IReadOnlyList<string>> Exclude = Packages("exclude");
    private static readonly SectionShape Shape = new("an input of UpdateOS", Include, Exclude);

    public override ModuleCall? Read(Node? inputs, string path, Place place, Problems problems)
    {
        if (!TryRead(inputs ?? new MapNode(place, []), Shape, path, place, problems, out var section))
        {
            return null;
        }

        return new ModuleCall
        {
            Lines = ["update_os \"$IN_INCLUDE\" \"$IN_EXCLUDE\""],
            Environment = new Dictionary<string, string>
            {
                ["IN_INCLUDE"] = string.Join('\n', section.Find(Include) ?? []),
                ["IN_EXCLUDE"] = string.Join('\n', section.Find(Exclude) ?? []),
            },
            Reboot = RebootPolicy.IfNeeded,
        };
    }

    private static Field<IReadOnlyList<string>> Packages(string name) =>
        Field.Optional(name, new TextListShape(), "all", "Names of packages.", "[openssl]");
}
