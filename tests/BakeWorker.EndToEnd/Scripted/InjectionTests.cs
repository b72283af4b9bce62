using System.Text.Json.Nodes;
using BakeWorker.Core.Bakes;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>Whatever a requester writes into whichever field: it is refused, or it stays text.</summary>
public sealed class InjectionTests
{
    private const string Mark = "touch-pwned";

    private static readonly string[] Hostile =
    [
        $"$({Mark})",
        $"`{Mark}`",
        $"'; {Mark}; '",
        $"\"; {Mark} #",
        $"1.0.0\n{Mark}",
        $"{{{{ssm:{Mark}}}}}",
        $"${{{Mark}}}",
        $"../../{Mark}",
        $"<!--{Mark}-->",
    ];

    [Theory]
    [InlineData("recipe")]
    [InlineData("requestId")]
    [InlineData("parameters.appVersion")]
    [InlineData("parameters.*")]
    [InlineData("reason")]
    [InlineData("requestedBy")]
    [InlineData("source.repository")]
    [InlineData("source.revision")]
    [InlineData("replyTo")]
    [InlineData("ifChanged")]
    [InlineData("dryRun")]
    public void HostileText_InAField_IsRefusedOrNeverReachesAGuest(string name)
    {
        using var office = new Office();

        office.Work([.. Hostile.Select((text, i) => Request($"ci-{i}", name, text).ToJsonString())]);

        var results = office.Results();
        results.Should().NotBeEmpty().And.OnlyContain(result => result.Outcome == Outcome.Published || result.Outcome == Outcome.Invalid);
        var guests = office.Bakery.Guests;
        guests.Commands.Should().NotContain(command => command.Script.Text.Contains(Mark) || command.Comment.Contains(Mark));
        guests
            .Guests.Should()
            .NotContain(guest => guest.Spec.UserData.Contains(Mark) || guest.Spec.Tags.Any(tag => $"{tag.Key}{tag.Value}".Contains(Mark)));
        guests.Guests.Any().Should().Be(results.Exists(result => result.Outcome == Outcome.Published));
    }

    /// <summary>Free words are for people; everything else is refused before there is a guest.</summary>
    [Theory]
    [InlineData("recipe")]
    [InlineData("parameters.appVersion")]
    [InlineData("parameters.*")]
    [InlineData("replyTo")]
    [InlineData("ifChanged")]
    [InlineData("dryRun")]
    public void HostileText_InAFieldWithAMeaning_IsRefused(string name)
    {
        using var office = new Office();

        office.Work([.. Hostile.Select((text, i) => Request($"ci-{i}", name, text).ToJsonString())]);

        office.Results().Should().NotBeEmpty().And.OnlyContain(result => result.Outcome == Outcome.Invalid);
        office.Bakery.Guests.Guests.Should().BeEmpty();
    }

    private static JsonObject Request(string id, string name, string text)
    {
        var request = new JsonObject { ["recipe"] = "debian-12-base", ["requestId"] = id };
        switch (name.Split('.'))
        {
            case ["parameters", "*"]:
                request["parameters"] = new JsonObject { [text] = "1.0.0" };
                break;
            case [var section, var inner]:
                request[section] = new JsonObject { [inner] = text };
                break;
            default:
                request[name] = text;
                break;
        }

        return request;
    }
}
