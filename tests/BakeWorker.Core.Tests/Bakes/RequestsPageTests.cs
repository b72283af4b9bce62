using BakeWorker.Core.Bakes;
using BakeWorker.Core.Tests.Binding;
using BakeWorker.Core.Tests.Recipes;
using NJsonSchema;

namespace BakeWorker.Core.Tests.Bakes;

/// <summary>docs/requests.md says what the code does.</summary>
public sealed class RequestsPageTests
{
    private readonly DocsPage page = new("docs/requests.md");

    [Fact]
    public void Reference_ListsEveryFieldAsItIsReadAndWritten()
    {
        page.ShouldShow(
            ("request fields", FieldTable.Markdown("The request", FieldTable.Request)),
            ("result fields", FieldTable.Markdown("The result", FieldTable.Result))
        );
    }

    [Fact]
    public async Task Examples_AreRequestsAndResults()
    {
        var schema = await JsonSchema.FromJsonAsync(Schemas.Result);
        var blocks = page.Blocks("json");

        blocks.Should().HaveCountGreaterThan(3);
        foreach (var json in blocks)
        {
            if (json.Contains("\"outcome\""))
            {
                schema.Validate(json).Should().BeEmpty(json);
                BakeResultReader.Read(json).Should().NotBeNull(json);
            }
            else
            {
                BakeRequestReader.Read(json, "message-1").Problems.Should().BeEmpty(json);
            }
        }
    }

    [Fact]
    public void Outcomes_AreAllExplained()
    {
        var text = File.ReadAllText(BakeWorker.Testing.Checkout.File("docs/requests.md"));

        foreach (var outcome in Enum.GetNames<Outcome>())
        {
            text.Should().Contain($"\n| `{outcome.ToLowerInvariant()}` |");
        }
    }
}
