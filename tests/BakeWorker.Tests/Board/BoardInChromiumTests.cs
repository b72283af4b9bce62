using Amazon.EC2.Model;
using BakeWorker.Board.Live;
using BakeWorker.Core.Cloud;
using BakeWorker.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BakeWorker.Tests.Board;

/// <summary>The board as people see it: in a browser, by eye, keyboard and phone.</summary>
public sealed class BoardInChromiumTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Hostile = "<img src=x onerror=pwned=1><script>pwned=1</script>";

    [Fact]
    public async Task Board_MovesWithoutReload_FromNothingToPublished()
    {
        await using var world = await BoardWorld.OpenAsync(speed: 20);
        await using var seen = await chromium.OpenAsync(world.Url);
        await Expect(seen.Page.GetByText("Nothing is baking.")).ToBeVisibleAsync();
        await seen.Page.EvaluateAsync("window.sameWindow = true");

        var id = await world.SubmitAsync("ci-1");

        var row = seen.Page.Locator($"li#{id}");
        await Expect(row).ToBeVisibleAsync();
        var bars = await row.Locator("rect").CountAsync();
        await Expect(row.Locator("rect")).Not.ToHaveCountAsync(bars);
        await Expect(seen.Page.Locator($"tr#{id} .badge")).ToContainTextAsync("published");
        await Expect(row).ToHaveCountAsync(0);
        (await seen.Page.EvaluateAsync<bool>("window.sameWindow")).Should().BeTrue();
        await Expect(seen.Page.Locator("#live-word")).ToHaveTextAsync("live");
        seen.Complaints.Should().BeEmpty();
        seen.Hosts.Should().BeEquivalentTo("127.0.0.1");
    }

    [Fact]
    public async Task RejectedBake_ShowsItsReason_AndEvidenceOnItsPage()
    {
        await using var world = await BoardWorld.OpenAsync();
        world.Scenario.Command("*/test/*").Fails(1, "sshd listens on port 2222");
        await using var seen = await chromium.OpenAsync(world.Url);

        var result = await world.BakeAsync("ci-1");

        var row = seen.Page.Locator($"tr#{result.BakeId}");
        await Expect(row.Locator(".badge")).ToContainTextAsync("rejected");
        await Expect(row).ToContainTextAsync(result.Failure!.Message);
        await Expect(seen.Page.Locator("#news")).ToContainTextAsync("rejected");
        await row.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(seen.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("rejected");
        await Expect(seen.Page.Locator("#reason")).ToContainTextAsync(result.Failure.Message);
        await Expect(seen.Page.GetByText("sshd listens on port 2222").First).ToBeVisibleAsync();
        seen.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task WhatOthersWrote_StaysText()
    {
        await using var world = await BoardWorld.OpenAsync();
        world.Scenario.Command("*/step/install/*").Fails(3, Hostile);
        await world.PlantAsync($"bake-\"'>{Hostile}", Hostile, Hostile);
        var result = await world.BakeAsync("ci-1", Hostile);

        foreach (var path in (string[])["/", "/bakes?q=<script>pwned=1</script>", $"/bakes/{result.BakeId}"])
        {
            await using var seen = await chromium.OpenAsync(world.Url, path);
            await Expect(seen.Page.Locator("#live-word")).ToHaveTextAsync("live");
            (await seen.Page.EvaluateAsync<bool>("'pwned' in window")).Should().BeFalse();
            (await seen.Page.Locator("img[src=x], main script").CountAsync()).Should().Be(0);
            seen.Complaints.Should().BeEmpty("the policy had nothing to refuse on {0}", path);
        }
    }

    [Fact]
    public async Task FiveThousandBakes_BreakNothing()
    {
        await using var world = await BoardWorld.OpenAsync();
        await PlantAsync(world, 5_000);
        await using var seen = await chromium.OpenAsync(world.Url);

        await Expect(seen.Page.Locator(".figures")).ToContainTextAsync("5000");
        (await seen.Page.Locator("tbody tr").CountAsync()).Should().BeLessThan(100);
        await seen.Page.GetByRole(AriaRole.Link, new() { Name = "All bakes" }).ClickAsync();
        await Expect(seen.Page.Locator("#total")).ToHaveTextAsync("1 to 50 of 5000");
        await seen.Page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();
        await Expect(seen.Page.Locator("#total")).ToHaveTextAsync("51 to 100 of 5000");
        await seen.Page.GetByLabel("Text").FillAsync("bake-000000000000123");
        await seen.Page.Keyboard.PressAsync("Enter");
        await Expect(seen.Page.Locator("#total")).ToHaveTextAsync("1 to 10 of 10");
        (await world.JsonAsync("/api/bakes?page=25&size=100000")).GetProperty("bakes").GetArrayLength().Should().Be(200);
        seen.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Page_ThatFoundTheBoardFull_ComesToLifeOnceOthersAreGone()
    {
        await using var world = await BoardWorld.OpenAsync();
        var others = new List<HttpResponseMessage>();
        while (others.Count < LiveUpdates.MostClients)
        {
            others.Add(
                await world.Http.GetAsync(new Uri("/api/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, world.Limit)
            );
        }

        await using var seen = await chromium.OpenAsync(world.Url);
        await Expect(seen.Page.Locator("#live-word")).ToHaveTextAsync("no connection to the worker");

        others.ForEach(other => other.Dispose());

        await Expect(seen.Page.Locator("#live-word")).ToHaveTextAsync("live", new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task Keyboard_IsEnough()
    {
        await using var world = await BoardWorld.OpenAsync();
        var result = await world.BakeAsync("ci-1");
        await using var seen = await chromium.OpenAsync(world.Url);
        var focused = seen.Page.Locator("*:focus");

        await seen.Page.Keyboard.PressAsync("Tab");
        await Expect(focused).ToHaveTextAsync("Skip to content");
        await Expect(focused).ToBeInViewportAsync();
        await seen.Page.Keyboard.PressAsync("Enter");
        await Expect(seen.Page.Locator("main")).ToBeFocusedAsync();
        var link = seen.Page.Locator($"tr#{result.BakeId} a");
        for (var tabs = 0; tabs < 40 && !await link.EvaluateAsync<bool>("link => link === document.activeElement"); tabs++)
        {
            await seen.Page.Keyboard.PressAsync("Tab");
        }

        await Expect(link).ToBeFocusedAsync();
        await seen.Page.EvaluateAsync("refresh()");
        await Expect(link).ToBeFocusedAsync();
        await seen.Page.Keyboard.PressAsync("Enter");
        await Expect(seen.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("published");
        foreach (var landmark in (AriaRole[])[AriaRole.Banner, AriaRole.Main, AriaRole.Contentinfo])
        {
            await Expect(seen.Page.GetByRole(landmark)).ToHaveCountAsync(1);
        }
    }

    [Fact]
    public async Task Phone_NeedsNoSidewaysScrolling_AndTheDarkIsDark()
    {
        await using var world = await BoardWorld.OpenAsync();
        var result = await world.BakeAsync("ci-1");

        foreach (var path in (string[])["/", "/bakes", $"/bakes/{result.BakeId}"])
        {
            await using var phone = await chromium.OpenAsync(world.Url, path, width: 390, height: 800, scheme: ColorScheme.Dark);
            (await phone.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(390, path);
            (await Brightness(phone)).Should().BeLessThan(60, path);
        }

        await using var desk = await chromium.OpenAsync(world.Url);
        (await Brightness(desk)).Should().BeGreaterThan(600);

        static Task<int> Brightness(SeenPage seen) =>
            seen.Page.EvaluateAsync<int>(
                "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number).reduce((sum, part) => sum + part)"
            );
    }

    [Fact]
    public async Task TwentyBakesAtOnce_AreAllOnTheBoard()
    {
        await using var world = await BoardWorld.OpenAsync(speed: 20);
        world.Scenario.Command("*/test/*").Fails(1, "sshd listens on port 2222");
        await world.BakeAsync("ci-4710", "the pipeline");
        world.Scenario.Command("*/test/*");
        await world.BakeAsync("ci-4711", "the pipeline");
        world.Scenario.Command("*/step/harden/*").Takes(TimeSpan.FromSeconds(6));
        world.Scenario.Command("*/step/install/*").Takes(TimeSpan.FromSeconds(30));
        await using var seen = await chromium.OpenAsync(world.Url, width: 1440, height: 900, scheme: ColorScheme.Dark);
        string[] recipes = ["debian-12-base", "ubuntu-24.04-base"];

        for (var i = 0; i < 20; i++)
        {
            await world.SubmitAsync($"nightly-{i + 1:00}", "the nightly schedule", recipes[i % recipes.Length]);
        }

        var active = seen.Page.Locator("ul.active li");
        await Expect(active).ToHaveCountAsync(20);
        await Expect(active.Filter(new() { HasText = "install" }).First).ToContainTextAsync("apply-steps");
        // The picture of docs/board.md is made so.
        var picture = Path.Combine(AppContext.BaseDirectory, "board.png");
        await seen.Page.ScreenshotAsync(new() { Path = picture, FullPage = true });
        new FileInfo(picture).Length.Should().BeGreaterThan(10_000);
        seen.Complaints.Should().BeEmpty();
    }

    // Published long ago, as far as their images tell: there is nothing else to tell it.
    private static async Task PlantAsync(BoardWorld world, int bakes)
    {
        var source = await new Planting(world.Clients, TimeProvider.System).InstanceAsync();
        while (
            !(await world.Get<ICloud>().Home.Instances.ReadAsync([new(source)], world.Limit)).Values.Any(one =>
                one.State == Core.Cloud.InstanceState.Running
            )
        )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, world.Limit);
        }

        await Parallel.ForAsync(
            0,
            bakes,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = world.Limit },
            async (i, ct) =>
            {
                var tags = Planting.Tags($"bake-{i:0000000000000000}", "image", TimeProvider.System.GetUtcNow());
                tags[ResourceTags.ReleasedAt] = ResourceTags.Time(TimeProvider.System.GetUtcNow().AddMinutes(-i));
                var request = new CreateImageRequest
                {
                    InstanceId = source,
                    Name = $"planted-{i}",
                    NoReboot = true,
                    TagSpecifications =
                    [
                        new()
                        {
                            ResourceType = Amazon.EC2.ResourceType.Image,
                            Tags = [.. tags.Select(tag => new Amazon.EC2.Model.Tag(tag.Key, tag.Value))],
                        },
                    ],
                };
                await world.Clients.Ec2.CreateImageAsync(request, ct);
            }
        );
    }
}
