using BakeWorker.Core.Binding;
using BakeWorker.Core.Components;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Recipes;

/// <summary>That steps and tests fit each other and the parameters.</summary>
internal sealed class StepChecks(Section recipe, Problems problems)
{
    private readonly IReadOnlyList<Section> _steps = recipe.List(RecipeFields.Steps);
    private readonly IReadOnlyList<Section> _tests = recipe.List(RecipeFields.Tests);
    private readonly IReadOnlyCollection<string> _parameters = [.. recipe.Map(RecipeFields.Parameters).Keys];
    private readonly HashSet<string> _used = [];

    public void Run()
    {
        UniqueNames.Check(_steps, StepFields.Name, "step", problems);
        UniqueNames.Check(_tests, TestFields.Name, "test", problems);
        CheckOrder();
        foreach (var step in _steps)
        {
            CheckFit(step);
            CheckReferences(step, StepFields.Env);
            CheckReferences(step, StepFields.With);
        }

        foreach (var test in _tests)
        {
            CheckGate(test);
            CheckReferences(test, TestFields.Env);
        }

        if (!problems.HasErrors)
        {
            WarnOfUnused();
        }
    }

    private void CheckOrder()
    {
        var reached = StepPhase.Patch;
        foreach (var step in _steps)
        {
            if (!step.TryGet(StepFields.Phase, out var phase))
            {
                continue;
            }

            if (phase < reached)
            {
                var (written, after) = (Words.Phase.Show(phase), Words.Phase.Show(reached));
                problems.Error(
                    step.At(StepFields.Phase),
                    $"{step.PathOf(StepFields.Phase)} is '{written}' after a step of phase '{after}'; move the step up, phases run in the order {Words.Phase.Range}."
                );
            }
            else
            {
                reached = phase;
            }
        }
    }

    private void CheckFit(Section step)
    {
        var other =
            step.Has(StepFields.Document) ? "document"
            : step.Has(StepFields.Component) ? "component"
            : null;
        if (other is not null && step.Has(StepFields.Env))
        {
            problems.Error(
                step.At(StepFields.Env),
                $"{step.PathOf(StepFields.Env)} is given for a {other}, which has no environment; use with."
            );
        }

        if (step.Has(StepFields.Component))
        {
            CheckComponent(step);
        }

        if (other is null && step.Has(StepFields.With))
        {
            problems.Error(
                step.At(StepFields.With),
                $"{step.PathOf(StepFields.With)} is given for a script, which takes no parameters; use env."
            );
        }
    }

    private void CheckGate(Section test)
    {
        if (!test.TryGet(TestFields.Gate, out var gate))
        {
            return;
        }

        if (!test.Has(TestFields.Least))
        {
            problems.Error(
                test.Place,
                $"{test.PathOf(TestFields.Least)} is missing; write the least score that an image may have, as in least: 70."
            );
        }

        var env = test.Find(TestFields.Env) ?? new Dictionary<string, Placed<string>>();
        foreach (var name in BuiltInScripts.Needs(gate).Where(name => !env.ContainsKey(name)))
        {
            problems.Error(
                test.Place,
                $"{test.PathOf(TestFields.Env)}.{name} is missing, which the gate '{Words.Gate.Show(gate)}' needs; add it."
            );
        }

        if (recipe.TryGet(RecipeFields.Platform, out var platform) && platform == Platform.Windows)
        {
            problems.Error(
                test.At(TestFields.Gate),
                $"{test.PathOf(TestFields.Gate)} is for Linux; write a script with a score of its own."
            );
        }
    }

    // Steps of a component say for themselves how often they are tried and when they restart.
    private void CheckComponent(Section step)
    {
        foreach (var (field, own) in (ReadOnlySpan<(Field, string)>)[(StepFields.Retries, "maxAttempts"), (StepFields.Reboot, "Reboot")])
        {
            if (step.Has(field))
            {
                problems.Error(
                    step.At(field),
                    $"{step.PathOf(field)} is given for a component, whose own steps say so by {own}; remove it."
                );
            }
        }

        if (step.TryGet(StepFields.Name, out var name) && name.Length > ComponentNames.LongestPrefix)
        {
            problems.Error(
                step.At(StepFields.Name),
                $"{step.PathOf(StepFields.Name)} has {name.Length} characters, but the steps of a component bear it before their own names; write at most {ComponentNames.LongestPrefix}."
            );
        }
    }

    private void CheckReferences(Section step, Field<IReadOnlyDictionary<string, Placed<string>>> field)
    {
        foreach (var (key, (value, place)) in step.Find(field) ?? new Dictionary<string, Placed<string>>())
        {
            foreach (var name in ParameterReferences.In(value))
            {
                _used.Add(name);
                if (Trouble(name) is { } trouble)
                {
                    problems.Error(place, $"{step.PathOf(field)}.{key} {trouble}");
                }
            }
        }
    }

    private string? Trouble(string name)
    {
        if (name.Length == 0)
        {
            return "holds a ${ without a name and }; write ${name}, or $${ for the text itself.";
        }

        var hint =
            _parameters.Count == 0
                ? $"declare it under parameters, or write $${{{name}}} for the text itself."
                : Suggestion.Hint(name, _parameters, $"write $${{{name}}} for the text itself, or one of");
        return _parameters.Contains(name) ? null : $"refers to ${{{name}}}, which is no parameter of the recipe; {hint}";
    }

    private void WarnOfUnused()
    {
        foreach (var (name, declared) in recipe.Find(RecipeFields.Parameters) ?? new Dictionary<string, Placed<Section>>())
        {
            if (!_used.Contains(name))
            {
                problems.Warn(
                    declared.Place,
                    $"parameters.{name} is used by no step and no test; write ${{{name}}} in an env, or remove it."
                );
            }
        }
    }
}
