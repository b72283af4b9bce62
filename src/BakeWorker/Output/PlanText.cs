using System.Globalization;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Planning;
using BakeWorker.Core.Recipes;
using Spectre.Console;

namespace BakeWorker.Output;

/// <summary>A plan for people: one line for each thing that would happen, in its order, and last what would stop it.</summary>
public sealed class PlanText(IAnsiConsole console)
{
    public void Write(BakePlan plan)
    {
        var recipe = plan.Recipe;
        console.MarkupLine($"[bold]{recipe.Name.EscapeMarkup()}[/] for {recipe.Owner.EscapeMarkup()}, {recipe.Digest}");
        foreach (var (name, value) in plan.Parameters)
        {
            Line("parameter", $"{name} = {value}");
        }

        Base(plan);
        Line("builder", string.Join(", then ", plan.Builders.Select(rung => $"{rung}").DefaultIfEmpty("no pool: no subnet is set")));
        Line("tester", string.Join(", then ", plan.Testers.Select(rung => $"{rung}").DefaultIfEmpty("no pool: no subnet is set")));
        Line("stages", string.Join(" > ", plan.Stages));
        foreach (var step in recipe.Steps)
        {
            Line(
                "step",
                $"{step.Name} ({Word(step.Phase)}): {step.ScriptPath ?? step.Document}, at most {DurationText.Show(step.Timeout)}{Tries(step)}"
            );
        }

        foreach (var test in recipe.Tests)
        {
            Line("test", $"{test.Name}: {test.ScriptPath}, at most {DurationText.Show(test.Timeout)}");
        }

        Gates(plan);
        Targets(plan);
        Effort(plan);
        Verdict(plan);
    }

    private void Base(BakePlan plan)
    {
        if (plan.Base.Image is { } image)
        {
            var made = image.CreatedAt is { } at ? $", made on {at:yyyy-MM-dd}" : "";
            Line("base", $"{image.Id} {image.Name} of {image.OwnerAlias ?? image.OwnerId}{made}");
        }
        else
        {
            Line("base", $"{plan.Recipe.Base}{(plan.Base.Obstacle is { } obstacle ? $", not resolved: {obstacle}" : "")}");
        }
    }

    private void Gates(BakePlan plan)
    {
        var scan = plan.Recipe.Scan;
        Line("scan", $"{Word(scan.Source)}, at most {DurationText.Show(scan.Within)}");
        foreach (var rule in plan.Rules)
        {
            Line("rule", rule);
        }

        foreach (var waiver in scan.Waivers)
        {
            var end = plan.ExpiredWaivers.Contains(waiver) ? "ended on" : "until";
            Line(
                "waiver",
                $"{waiver.Vulnerability}{(waiver.Package is { } package ? $" in {package}" : "")} {end} {waiver.Expires:yyyy-MM-dd}"
            );
        }
    }

    private void Targets(BakePlan plan)
    {
        var publish = plan.Recipe.Publish;
        Line("regions", string.Join(", ", plan.Regions));
        Line("pointer", publish.Pointer ?? "none");
        if (publish.LaunchTemplate is { } template)
        {
            Line("template", template);
        }

        string[] shared =
        [
            .. publish.Share.IsPublic ? ["everybody"] : Array.Empty<string>(),
            .. publish.Share.Accounts,
            .. publish.Share.OrganizationArns,
            .. publish.Share.OrganizationalUnitArns,
        ];
        Line(
            "shared",
            shared.Length == 0 ? "with nobody" : $"with {string.Join(", ", shared)}{(publish.ShareSnapshots ? ", snapshots too" : "")}"
        );
        var (keep, younger) = (plan.Recipe.Retain.Keep, DurationText.Show(plan.Recipe.Retain.OlderThan));
        Line("keeps", $"the newest {keep}, and what is younger than {younger}");
    }

    private void Effort(BakePlan plan)
    {
        Line(
            "takes",
            plan.Effort is { } effort
                ? $"about {Texts.Seconds(effort.Took)}, as {effort.Image} did; its builder ran for {Hours(effort.Builder)}, its tester for {Hours(effort.Tester)}"
                : "nobody knows yet: no image of this recipe tells"
        );
        Line("limit", $"steps, tests and scan end after {DurationText.Show(plan.AtMost)} at the latest");
        Line(
            "costs",
            $"the hours of the instances, and snapshots in {Texts.Count(plan.Regions.Count, "Region")}, at your account's prices"
        );
    }

    private void Verdict(BakePlan plan)
    {
        string[] reasons =
        [
            .. plan.Breaches.Select(breach => breach.Message),
            .. plan.Base.Refusal is { } refusal ? [refusal] : Array.Empty<string>(),
            .. plan.Targets.Obstacles,
        ];
        foreach (var reason in reasons)
        {
            console.MarkupLine($"[red]✘[/] {Texts.Plain(reason).EscapeMarkup()}");
        }

        if (reasons.Length == 0)
        {
            console.MarkupLine($"[green]✔[/] recipe{(plan.Base.Image is null ? "" : " and base")} keep the operator's policy");
        }

        if (plan.Targets is { Unseen: { } unseen })
        {
            console.MarkupLine($"[yellow]?[/] {Texts.Plain($"not every target could be looked at: {unseen}").EscapeMarkup()}");
        }
        else if (reasons.Length == 0)
        {
            console.MarkupLine("[green]✔[/] the image can go where it shall");
        }
    }

    private void Line(string label, string text) => console.MarkupLine($"  [grey]{label, -9}[/] {Texts.Plain(text).EscapeMarkup()}");

    private static string Hours(TimeSpan time) => $"{time.TotalHours.ToString("0.00", CultureInfo.InvariantCulture)} h";

    private static string Tries(Step step) =>
        (step.Retries > 0 ? $", {Texts.Count(step.Retries + 1, "try", "tries")}" : "")
        + (
            step.Reboot is RebootPolicy.Never or RebootPolicy.WhenAsked
                ? ""
                : $", reboot {(step.Reboot == RebootPolicy.Always ? "always" : "if needed")}"
        );

    private static string Word(Enum value) => value.ToString().ToLowerInvariant();
}
