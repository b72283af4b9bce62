using BakeWorker.Core.Binding;
using BakeWorker.Core.Components.Modules;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Components;

/// <summary>Reads an Image Builder component and turns every step of it into a step or a test of the recipe, or says what cannot be.</summary>
internal sealed class ComponentReader(ComponentUse use, Problems problems)
{
    private readonly ComponentNames _names = new(use.StepName);
    private readonly List<Step> _build = [];
    private readonly List<Step> _validate = [];
    private readonly List<TestSpec> _tests = [];

    // From then on a file of the guest may hold it, and any step print it.
    private bool _hasTakenRequest;

    public ComponentSteps Read(byte[] content)
    {
        if (YamlDocument.Read(content, problems) is not { } root || !ComponentFields.Shape.TryRead(root, "", problems, out var component))
        {
            return ComponentSteps.None;
        }

        var references = new ComponentReferences(ComponentVariables.Read(component, use, problems), problems);
        // Documents may write their phases in any order; they run in this one.
        var phases = component.List(ComponentFields.Phases).Where(IsKnown).OrderBy(PhaseOf, Comparer<string>.Create(InOrder)).ToList();
        UniqueNames.Check(phases, ComponentPhaseFields.Name, "phase", problems);
        foreach (var phase in phases)
        {
            UniqueNames.Check(phase.List(ComponentPhaseFields.Steps), ComponentStepFields.Name, "step", problems);
            foreach (var step in phase.List(ComponentPhaseFields.Steps))
            {
                Add(PhaseOf(phase), step, references);
            }
        }

        return problems.HasErrors ? ComponentSteps.None : new ComponentSteps(_build, _validate, _tests);
    }

    private void Add(string phase, Section step, ComponentReferences references)
    {
        if (step.TryGet(ComponentStepFields.If, out _))
        {
            problems.Error(
                step.At(ComponentStepFields.If),
                $"{step.PathOf(ComponentStepFields.If)} is not supported: ask in ExecuteBash, and exit 0 where nothing is to be done."
            );
        }

        if (phase == ComponentPhases.Test && step.Get(ComponentStepFields.OnFailure) == FailurePolicy.Ignore)
        {
            problems.Error(
                step.At(ComponentStepFields.OnFailure),
                $"{step.PathOf(ComponentStepFields.OnFailure)} is 'Ignore' in phase test, but a test that may fail proves nothing; write Abort, or remove the step."
            );
        }

        if (phase == ComponentPhases.Test && step.Get(ComponentStepFields.MaxAttempts) is > 1 and var tries)
        {
            problems.Error(
                step.At(ComponentStepFields.MaxAttempts),
                $"{step.PathOf(ComponentStepFields.MaxAttempts)} is '{tries}' in phase test, where a step has one try; try again in ExecuteBash, and remove it."
            );
        }

        if (
            !step.TryGet(ComponentStepFields.Name, out var name)
            || !step.TryGet(ComponentStepFields.Action, out var action)
            || ActionModules.Find(
                action,
                use.Platform,
                step.PathOf(ComponentStepFields.Action),
                step.At(ComponentStepFields.Action),
                problems
            )
                is not { } module
        )
        {
            return;
        }

        if (phase == ComponentPhases.Test && module is RebootModule)
        {
            problems.Error(
                step.At(ComponentStepFields.Action),
                $"{step.PathOf(ComponentStepFields.Action)} is 'Reboot' in phase test, where nothing restarts; write boot: {{ reboot: true }} in the recipe, which tests the image again after a restart."
            );
            return;
        }

        var (keys, inputs) = (new List<string>(), (Node?)null);
        foreach (var turn in ComponentLoop.Turns(step, node => ResolveValues(node, phase, references), problems))
        {
            var chained = new List<ChainedOutput>();
            inputs = step.TryGet(ComponentStepFields.Inputs, out var written) ? references.Resolve(written, phase, turn, chained) : null;
            var place = step.At(ComponentStepFields.Inputs);
            if (module.Read(inputs, step.PathOf(ComponentStepFields.Inputs), place, problems) is { } call && IsFit(call, chained, place))
            {
                _hasTakenRequest |= call.Environment.Values.Any(value => ParameterReferences.In(value).Any());
                keys.Add(Add(phase, step, name, action, call, chained));
            }
        }

        references.Add(phase, name, new EarlierStep(module, inputs, keys, _hasTakenRequest));
    }

    // No shell reads a request's value as text, and what a guest will print is not known to a shell on Windows.
    private bool IsFit(ModuleCall call, List<ChainedOutput> chained, Place place)
    {
        if (chained.Count > 0 && use.Platform == Platform.Windows)
        {
            problems.Error(
                place,
                $"{chained[0].Shown} is an output of an earlier step, which a Windows recipe cannot pass on; keep it in a file."
            );
            return false;
        }

        if (call.Commands is { } commands && ParameterReferences.In(commands).FirstOrDefault() is { } name)
        {
            problems.Error(
                place,
                $"the commands hold a value of the request, ${{{name}}}, by way of a parameter, and no shell may read that as text; "
                    + "give it to ExecuteBinary or CreateFile, or write a step with run: and env:."
            );
            return false;
        }

        if (call.Commands is not null && chained.Find(output => output.MayHoldRequest) is { } output)
        {
            problems.Error(
                place,
                $"{output.Shown} may hold a value of the request, and no shell may read that as text; give it to ExecuteBinary or CreateFile."
            );
            return false;
        }

        return true;
    }

    /// <summary>The values of a loop; null after an error.</summary>
    private Node? ResolveValues(Node node, string phase, ComponentReferences references)
    {
        var chained = new List<ChainedOutput>();
        var resolved = references.Resolve(node, phase, null, chained);
        var later =
            chained.Count > 0 ? $"{chained[0].Shown} is known only in the guest"
            : NamesIn(resolved).FirstOrDefault() is { } name ? $"${{{name}}} is known only when a request comes"
            : null;
        if (later is null)
        {
            return resolved;
        }

        problems.Error(node.Place, $"{later}, but the turns of a loop must be known before; write the loop in a script.");
        return null;

        static IEnumerable<string> NamesIn(Node node) =>
            node switch
            {
                ListNode list => list.Items.SelectMany(NamesIn),
                MapNode map => map.Entries.SelectMany(entry => NamesIn(entry.Value)),
                ScalarNode scalar => ParameterReferences.In(scalar.Text),
                _ => [],
            };
    }

    private string Add(string phase, Section step, string name, string action, ModuleCall call, IReadOnlyList<ChainedOutput> chained)
    {
        var own = _names.Next(name);
        var (script, path) = (
            ComponentScript.Of(call, $"{name} ({action}) of {use.File}", chained, use.Platform),
            $"{use.File}#{phase}/{name}"
        );
        var timeout = step.FindValue(ComponentStepFields.TimeoutSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : use.Timeout;
        if (phase == ComponentPhases.Test)
        {
            _tests.Add(
                new TestSpec
                {
                    Name = own,
                    Script = script.Text,
                    ScriptPath = path,
                    Environment = script.Environment,
                    Timeout = timeout,
                }
            );
            return $"test/{own}";
        }

        // A cleanup takes away what checks would look at, so they come before it, unless the component is the cleanup.
        var isLate = phase == ComponentPhases.Validate && use.Phase != StepPhase.Cleanup;
        (phase == ComponentPhases.Build ? _build : _validate).Add(
            new Step
            {
                Name = own,
                Phase = isLate ? StepPhase.Install : use.Phase,
                Script = script.Text,
                ScriptPath = path,
                Environment = script.Environment,
                Timeout = timeout,
                Retries = step.Get(ComponentStepFields.MaxAttempts) - 1,
                Reboot = call.Reboot,
                OnFailure = step.Get(ComponentStepFields.OnFailure),
            }
        );
        return $"step/{own}";
    }

    private bool IsKnown(Section phase)
    {
        if (!phase.TryGet(ComponentPhaseFields.Name, out var name) || ComponentPhases.All.Contains(name))
        {
            return phase.TryGet(ComponentPhaseFields.Name, out _);
        }

        var why = name == "container-host-test" ? "is not supported: no containers are built here" : "is never run";
        problems.Error(
            phase.At(ComponentPhaseFields.Name),
            $"{phase.PathOf(ComponentPhaseFields.Name)} is {Shown.Value(name)}, which {why}; the phases are {string.Join(", ", ComponentPhases.All)}."
        );
        return false;
    }

    private static string PhaseOf(Section phase) => phase.Get(ComponentPhaseFields.Name);

    private static int InOrder(string? one, string? other) => IndexOf(one).CompareTo(IndexOf(other));

    private static int IndexOf(string? phase) => ComponentPhases.All.Index().First(known => known.Item == phase).Index;
}
