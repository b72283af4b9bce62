using BakeWorker.Core.Binding;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Components;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Recipes;

/// <summary>Makes a <see cref="Recipes.Recipe"/> of sections that have passed every check.</summary>
internal static class RecipeMapping
{
    public static Recipe Recipe(
        Section recipe,
        IReadOnlyList<LoadedStep> steps,
        IEnumerable<(Section Test, Script? Script)> tests,
        IReadOnlyList<Waiver> waivers,
        string digest
    )
    {
        var platform = recipe.Get(RecipeFields.Platform);
        var architecture = recipe.Get(RecipeFields.Architecture);
        return new Recipe
        {
            Name = recipe.Get(RecipeFields.Name),
            Description = recipe.Get(RecipeFields.Description),
            Owner = recipe.Get(RecipeFields.Owner),
            Platform = platform,
            Architecture = architecture,
            Base = Base(recipe.In(RecipeFields.Base)),
            Builder = Builder(recipe.In(RecipeFields.Builder), InstanceTypeName.Defaults(platform, architecture)),
            Parameters = recipe.Map(RecipeFields.Parameters).ToDictionary(p => p.Key, p => Parameter(p.Key, p.Value)),
            Steps = Steps(steps),
            Tests = [.. tests.Select(t => Test(t.Test, t.Script)), .. steps.SelectMany(step => step.Component?.Tests ?? [])],
            Boot = Boot(recipe.In(RecipeFields.Boot)),
            Hygiene = Hygiene(recipe.In(RecipeFields.Hygiene)),
            Scan = Scan(recipe.In(RecipeFields.Scan), waivers),
            Publish = Publish(recipe.In(RecipeFields.Publish)),
            Retain = Retain(recipe.In(RecipeFields.Retain)),
            Schedule = recipe.Has(RecipeFields.Schedule) ? Schedule(recipe.In(RecipeFields.Schedule)) : null,
            Labels = recipe.Map(RecipeFields.Labels),
            Tags = recipe.Map(RecipeFields.Tags),
            Digest = digest,
        };
    }

    private static BaseSource Base(Section source)
    {
        var find = source.In(BaseFields.Find);
        return new BaseSource
        {
            Parameter = source.Find(BaseFields.Parameter),
            Image = source.Find(BaseFields.Image),
            Name = find.Find(FindFields.Name),
            Owners = find.TryGet(FindFields.Owner, out var owner) ? [owner] : source.List(BaseFields.Owners),
            MaxAge = source.FindValue(BaseFields.MaxAge),
            MadeBy = source.Find(BaseFields.MadeBy),
            ProductCodes = source.List(BaseFields.ProductCodes),
        };
    }

    private static BuilderSpec Builder(Section builder, IReadOnlyList<string> defaultTypes)
    {
        var volume = builder.In(BuilderFields.RootVolume);
        return new BuilderSpec
        {
            InstanceTypes = builder.Has(BuilderFields.InstanceTypes) ? builder.List(BuilderFields.InstanceTypes) : defaultTypes,
            Market = builder.Get(BuilderFields.Market),
            Subnets = builder.List(BuilderFields.Subnets),
            RootVolumeGiB = volume.FindValue(RootVolumeFields.Size),
            Encrypted = volume.Get(RootVolumeFields.Encrypted),
            KmsKeyId = volume.Find(RootVolumeFields.KmsKey),
            Agent = builder.Get(BuilderFields.Agent),
            KeepFor = builder.Get(BuilderFields.Keep) == KeepPolicy.OnFailure ? builder.Get(BuilderFields.KeepFor) : null,
        };
    }

    private static ParameterSpec Parameter(string name, Section parameter) =>
        new()
        {
            Name = name,
            Pattern = parameter.Get(ParameterFields.Pattern),
            Default = parameter.Find(ParameterFields.Default),
            Description = parameter.Find(ParameterFields.Description),
        };

    // What components check of the builder is looked at when every change is made, before anything is cleaned away.
    private static IReadOnlyList<Step> Steps(IReadOnlyList<LoadedStep> steps)
    {
        var own = steps.SelectMany(step => step.Component?.Build ?? [Step(step.Section, step.Script)]).ToList();
        var checks = steps.SelectMany(step => step.Component?.Validate ?? []).ToList();
        return
        [
            .. own.Concat(checks).Where(step => step.Phase != StepPhase.Cleanup),
            .. own.Concat(checks).Where(step => step.Phase == StepPhase.Cleanup),
        ];
    }

    private static Step Step(Section step, Script? script) =>
        new()
        {
            Name = step.Get(StepFields.Name),
            Phase = step.Get(StepFields.Phase),
            Script = script?.Text,
            ScriptPath = script?.Path,
            Document = step.Find(StepFields.Document),
            DocumentParameters = step.Map(StepFields.With),
            Environment = step.Map(StepFields.Env),
            Timeout = step.Get(StepFields.Timeout),
            Retries = step.Get(StepFields.Retries),
            Reboot = step.Get(StepFields.Reboot),
        };

    private static TestSpec Test(Section test, Script? script) =>
        new()
        {
            Name = test.Get(TestFields.Name),
            Script = script?.Text ?? BuiltInScripts.Text(test.Get(TestFields.Gate)),
            ScriptPath = script?.Path ?? $"gate {Words.Gate.Show(test.Get(TestFields.Gate))}",
            Gate = test.FindValue(TestFields.Gate),
            Least = test.FindValue(TestFields.Least),
            Environment = test.Map(TestFields.Env),
            Timeout = test.Get(TestFields.Timeout),
            IsParallel = test.Get(TestFields.Parallel),
        };

    private static BootSpec Boot(Section boot)
    {
        var ports = boot.In(BootFields.Ports);
        return new BootSpec
        {
            AgentWithin = boot.Get(BootFields.AgentWithin),
            StartupWithin = boot.FindValue(BootFields.StartupWithin),
            MayFail = boot.List(BootFields.MayFail),
            Ports = boot.Has(BootFields.Ports) ? new PortSpec(ports.List(PortFields.Expect), ports.List(PortFields.Allow)) : null,
            Sysctl = boot.Map(BootFields.Sysctl),
            Sshd = boot.Map(BootFields.Sshd),
            Reboot = boot.Get(BootFields.Reboot),
            InstanceTypes = boot.List(BootFields.InstanceTypes),
        };
    }

    private static HygieneSpec Hygiene(Section hygiene) =>
        new()
        {
            Allowances =
            [
                .. hygiene
                    .List(HygieneFields.Allow)
                    .Select(allowance => new Allowance
                    {
                        Rule = allowance.Get(AllowanceFields.Rule),
                        Path = allowance.Get(AllowanceFields.Path),
                        Reason = allowance.Get(AllowanceFields.Reason),
                        ApprovedBy = allowance.Get(AllowanceFields.ApprovedBy),
                        Expires = allowance.Get(AllowanceFields.Expires),
                    }),
            ],
        };

    private static ScanSpec Scan(Section scan, IReadOnlyList<Waiver> waivers) =>
        new()
        {
            Source = scan.Get(ScanFields.Source),
            Block = Block(scan.In(ScanFields.Block)),
            Waivers = waivers,
            Within = scan.Get(ScanFields.Within),
            Partial = scan.Get(ScanFields.Partial),
        };

    public static BlockSpec Block(Section block) =>
        new()
        {
            Severity = block.Get(BlockFields.Severity),
            Max = MaxFields
                .All.Select(limit => (limit.Severity, Limit: block.In(BlockFields.Max).FindValue(limit.Field)))
                .Where(limit => limit.Limit is not null)
                .ToDictionary(limit => limit.Severity, limit => limit.Limit!.Value),
            FixableOnly = block.Get(BlockFields.FixableOnly),
            Grace = block.Get(BlockFields.Grace),
            Untriaged = block.Get(BlockFields.Untriaged),
            KnownExploit = block.Get(BlockFields.KnownExploit),
            Epss = block.FindValue(BlockFields.Epss),
            Score = block.FindValue(BlockFields.Score),
            IgnoreSuppressed = block.Get(BlockFields.IgnoreSuppressed),
            NotWorse = block.Get(BlockFields.NotWorse),
        };

    private static PublishSpec Publish(Section publish)
    {
        var share = publish.In(PublishFields.Share);
        return new PublishSpec
        {
            Pointer = publish.Find(PublishFields.Pointer),
            Regions = publish.List(PublishFields.Regions),
            Share = new LaunchPermissions
            {
                Accounts = share.List(ShareFields.Accounts),
                OrganizationArns = share.List(ShareFields.Organizations),
                OrganizationalUnitArns = share.List(ShareFields.OrganizationalUnits),
                IsPublic = share.Get(ShareFields.Public),
            },
            ShareSnapshots = share.Get(ShareFields.Snapshots),
            LaunchTemplate = publish.Find(PublishFields.LaunchTemplate),
            KmsKeys = publish.Map(PublishFields.KmsKeys),
            DeprecateAfter = publish.FindValue(PublishFields.DeprecateAfter),
            ImdsV2 = publish.Get(PublishFields.ImdsV2),
        };
    }

    private static RetainSpec Retain(Section retain) =>
        new()
        {
            Keep = retain.Get(RetainFields.Keep),
            OlderThan = retain.Get(RetainFields.OlderThan),
            UnusedFor = retain.Get(RetainFields.UnusedFor),
            Pause = retain.Get(RetainFields.Pause),
        };

    private static ScheduleSpec Schedule(Section schedule) =>
        new()
        {
            Cron = schedule.Get(ScheduleFields.Cron),
            TimeZone = schedule.Get(ScheduleFields.TimeZone),
            SkipIfUnchanged = schedule.Get(ScheduleFields.SkipIfUnchanged),
            OnBaseChange = schedule.Get(ScheduleFields.OnBaseChange),
            MaxAge = schedule.Get(ScheduleFields.MaxAge),
        };
}

/// <summary>A step as it stands in the recipe, with the file it names.</summary>
internal sealed record LoadedStep(Section Section, Script? Script, ComponentSteps? Component);
