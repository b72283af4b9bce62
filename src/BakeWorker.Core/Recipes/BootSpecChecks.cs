using System.Globalization;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Recipes;

/// <summary>That what a boot test asks for can be there, and can be looked at on that platform.</summary>
internal sealed class BootSpecChecks(Section recipe, Problems problems)
{
    private static readonly Field[] OnLinux =
    [
        BootFields.StartupWithin,
        BootFields.MayFail,
        BootFields.Ports,
        BootFields.Sysctl,
        BootFields.Sshd,
    ];
    private readonly Section _boot = recipe.In(RecipeFields.Boot);

    public void Run()
    {
        if (recipe.FindValue(RecipeFields.Platform) == Platform.Windows)
        {
            foreach (var field in OnLinux.Where(_boot.Has))
            {
                problems.Error(_boot.At(field), $"{_boot.PathOf(field)} can be checked on Linux only; write a test in PowerShell instead.");
            }
        }

        CheckTypes();
        var ports = _boot.In(BootFields.Ports);
        CheckPorts(ports, PortFields.Expect);
        CheckPorts(ports, PortFields.Allow);
    }

    private void CheckTypes()
    {
        foreach (var (type, place) in _boot.Find(BootFields.InstanceTypes) ?? [])
        {
            if (
                recipe.TryGet(RecipeFields.Architecture, out var wanted)
                && InstanceTypeName.ArchitectureOf(type) is { } actual
                && actual != wanted
            )
            {
                var (has, needs) = (Words.Architecture.Show(actual), Words.Architecture.Show(wanted));
                problems.Error(
                    place,
                    $"boot.instanceTypes names '{type}', which is {has}, but the recipe is for {needs}; name types of that architecture."
                );
            }
        }
    }

    private void CheckPorts(Section ports, Field<IReadOnlyList<Placed<string>>> field)
    {
        foreach (var (port, place) in ports.Find(field) ?? [])
        {
            if (int.Parse(port.AsSpan(4), CultureInfo.InvariantCulture) > 65535)
            {
                problems.Error(place, $"{ports.PathOf(field)} names '{port}', but ports end at 65535; write a smaller one.");
            }
        }
    }
}
