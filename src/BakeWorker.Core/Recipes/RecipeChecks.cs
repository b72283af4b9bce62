using System.Collections.ObjectModel;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes.Fields;
using Cronos;

namespace BakeWorker.Core.Recipes;

/// <summary>What no field can tell by itself: that the parts of a recipe fit each other. <see cref="StepChecks"/> has those of steps and tests.</summary>
internal sealed class RecipeChecks(Section recipe, Problems problems)
{
    public void Run()
    {
        CheckBase(recipe.In(RecipeFields.Base));
        CheckBuilder(recipe.In(RecipeFields.Builder));
        CheckParameters();
        new StepChecks(recipe, problems).Run();
        new BootSpecChecks(recipe, problems).Run();
        CheckScan(recipe.In(RecipeFields.Scan));
        CheckPublish(recipe.In(RecipeFields.Publish));
        CheckTags();
        CheckSchedule(recipe.In(RecipeFields.Schedule));
    }

    private void CheckBase(Section source)
    {
        var find = source.In(BaseFields.Find);
        var owners = source.List(BaseFields.Owners);
        if (owners.Count > 0 && find.TryGet(FindFields.Owner, out var owner) && !owners.Contains(owner))
        {
            problems.Error(
                find.At(FindFields.Owner),
                $"base.find.owner is '{owner}', which is not among base.owners, so whatever it finds would be refused; add it there."
            );
        }

        if (source.Has(BaseFields.MadeBy) && owners.Any(one => one != "self"))
        {
            problems.Error(
                source.At(BaseFields.MadeBy),
                "base.madeBy is given, but base.owners names others than self; tags prove something only on images of this account, so write owners: [self]."
            );
        }
    }

    private void CheckBuilder(Section builder)
    {
        if (recipe.TryGet(RecipeFields.Architecture, out var wanted) && builder.TryGet(BuilderFields.InstanceTypes, out var types))
        {
            foreach (var (type, place) in types)
            {
                if (InstanceTypeName.ArchitectureOf(type) is { } actual && actual != wanted)
                {
                    var (has, needs) = (Words.Architecture.Show(actual), Words.Architecture.Show(wanted));
                    problems.Error(
                        place,
                        $"builder.instanceTypes names '{type}', which is {has}, but the recipe is for {needs}; name types of that architecture."
                    );
                }
            }
        }

        if (builder.Has(BuilderFields.KeepFor) && builder.Get(BuilderFields.Keep) == KeepPolicy.Never)
        {
            problems.Error(
                builder.At(BuilderFields.KeepFor),
                "builder.keepFor is given, but no builder is kept; remove it, or write keep: on-failure."
            );
        }

        var volume = builder.In(BuilderFields.RootVolume);
        if (volume.Has(RootVolumeFields.KmsKey) && !volume.Get(RootVolumeFields.Encrypted))
        {
            problems.Error(
                volume.At(RootVolumeFields.KmsKey),
                "builder.rootVolume.kmsKey is given for a volume that is not encrypted; remove it, or write encrypted: true."
            );
        }
    }

    private void CheckParameters()
    {
        foreach (var (name, (parameter, _)) in recipe.Find(RecipeFields.Parameters) ?? ReadOnlyDictionary<string, Placed<Section>>.Empty)
        {
            if (!parameter.TryGet(ParameterFields.Pattern, out var pattern))
            {
                continue;
            }

            if (ParameterPattern.Trouble(pattern) is { } trouble)
            {
                problems.Error(
                    parameter.At(ParameterFields.Pattern),
                    $"{parameter.PathOf(ParameterFields.Pattern)} is {Shown.Value(pattern)}, {trouble}; write a simpler one."
                );
            }
            else if (
                parameter.TryGet(ParameterFields.Default, out var value)
                && ParameterBinder.Trouble(value, new ParameterSpec { Name = name, Pattern = pattern }) is { } reason
            )
            {
                problems.Error(
                    parameter.At(ParameterFields.Default),
                    $"{parameter.PathOf(ParameterFields.Default)} is {Shown.Value(value)}, {reason}"
                );
            }
        }
    }

    private void CheckScan(Section scan)
    {
        if (scan.Get(ScanFields.Source) == ScanSource.None && scan.Has(ScanFields.Source))
        {
            problems.Warn(
                scan.At(ScanFields.Source),
                "scan.source is 'none': images of this recipe are published without a look for vulnerabilities."
            );
        }

        var block = scan.In(ScanFields.Block);
        if (scan.Get(ScanFields.Source) == ScanSource.Image && (block.Get(BlockFields.KnownExploit) || block.Has(BlockFields.Epss)))
        {
            problems.Error(
                scan.At(ScanFields.Source),
                "scan.source is 'image', which shows neither exploits nor EPSS, so scan.block.knownExploit and epss could not hold; write instance or both."
            );
        }
    }

    private void CheckPublish(Section publish)
    {
        if (publish.TryGet(PublishFields.Pointer, out var pointer) && pointer.Split('/')[1] is "aws" or "ssm")
        {
            problems.Error(
                publish.At(PublishFields.Pointer),
                $"publish.pointer is '{pointer}', but SSM keeps names that begin with /aws or /ssm to itself; write another, as in /images{pointer}."
            );
        }

        var regions = publish.List(PublishFields.Regions);
        foreach (var (region, key) in publish.Find(PublishFields.KmsKeys) ?? ReadOnlyDictionary<string, Placed<string>>.Empty)
        {
            if (!regions.Contains(region))
            {
                problems.Error(
                    key.Place,
                    $"publish.kmsKeys names {region}, to which no copy goes; add it to publish.regions, or remove the key."
                );
            }
        }

        var share = publish.In(PublishFields.Share);
        if (share.Get(ShareFields.Snapshots) && share.List(ShareFields.Accounts).Count == 0 && !share.Get(ShareFields.Public))
        {
            problems.Error(
                share.At(ShareFields.Snapshots),
                "publish.share.snapshots is for accounts, and EC2 gives snapshots to no organization; name accounts, or remove it."
            );
        }

        var volume = recipe.In(RecipeFields.Builder).In(BuilderFields.RootVolume);
        if (publish.Has(PublishFields.Share) && volume.Get(RootVolumeFields.Encrypted) && !volume.Has(RootVolumeFields.KmsKey))
        {
            problems.Warn(
                publish.At(PublishFields.Share),
                "publish.share needs a key of your own: EC2 refuses to share an image under the account's default key; name one in builder.rootVolume.kmsKey."
            );
        }
    }

    private void CheckTags()
    {
        foreach (var (name, value) in recipe.Find(RecipeFields.Tags) ?? ReadOnlyDictionary<string, Placed<string>>.Empty)
        {
            if (
                name.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith(Cloud.ResourceTags.Prefix, StringComparison.OrdinalIgnoreCase)
            )
            {
                problems.Error(
                    value.Place,
                    $"tags.{name} begins with a reserved prefix; write a name without aws: or {Cloud.ResourceTags.Prefix}"
                );
            }
        }
    }

    private void CheckSchedule(Section schedule)
    {
        if (schedule.TryGet(ScheduleFields.Cron, out var cron))
        {
            if (!CronExpression.TryParse(cron, CronFormat.Standard, out var times))
            {
                problems.Error(
                    schedule.At(ScheduleFields.Cron),
                    $"schedule.cron is {Shown.Value(cron)}, which is not a cron expression; write minute, hour, day, month and weekday, as in '0 3 * * *'."
                );
            }
            else if (times.GetNextOccurrence(DateTime.UnixEpoch) is null)
            {
                problems.Error(
                    schedule.At(ScheduleFields.Cron),
                    $"schedule.cron is {Shown.Value(cron)}, a day that never comes; write another."
                );
            }
        }

        if (schedule.TryGet(ScheduleFields.TimeZone, out var zone) && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            problems.Error(
                schedule.At(ScheduleFields.TimeZone),
                $"schedule.timezone is '{zone}', which this machine does not know; write an IANA name such as Europe/Berlin, or UTC."
            );
        }
    }
}
