using System.Reflection;
using System.Text.Json.Nodes;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Bakes.Fields;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Tests.Binding;
using BakeWorker.Core.Tests.Recipes;
using BakeWorker.Testing;
using NJsonSchema;

namespace BakeWorker.Core.Tests.Bakes;

public sealed class SchemasTests
{
    [Fact]
    public async Task ShippedRecipes_FitTheirSchema()
    {
        var recipes = await JsonSchema.FromJsonAsync(Schemas.Recipe);
        var waivers = await JsonSchema.FromJsonAsync(Schemas.Waivers);

        foreach (var name in new RecipeSource(Checkout.File("recipes"), TimeProvider.System).Names())
        {
            recipes.Validate(Json($"recipes/{name}/recipe.yaml")).Should().BeEmpty(name);
            waivers.Validate(Json($"recipes/{name}/waivers.yaml")).Should().BeEmpty(name);
        }
    }

    [Fact]
    public async Task RecipeWithEveryField_FitsItsSchema()
    {
        var root = YamlDocument.Read(System.Text.Encoding.UTF8.GetBytes(RecipeBox.Good), new Problems("x"))!;

        (await JsonSchema.FromJsonAsync(Schemas.Recipe)).Validate(NodeJson.Write(root)).Should().BeEmpty();
    }

    [Fact]
    public async Task Results_FitTheirSchema()
    {
        var schema = await JsonSchema.FromJsonAsync(Schemas.Result);

        schema.Validate(BakeResultWriter.Write(BakeResultTests.Full)).Should().BeEmpty();
        schema.Validate(BakeResultWriter.Write(BakeResultTests.Small)).Should().BeEmpty();
        schema.Validate(BakeResultWriter.Write(BakeResultTests.Full).Replace("\"rejected\"", "\"won\"")).Should().NotBeEmpty();
    }

    [Fact]
    public void ResultSchema_HasTheFieldsThatResultsHave_AndNoOther()
    {
        AssertComplete(BakeResultTests.Full);
        AssertSameFields((JsonObject)JsonNode.Parse(BakeResultWriter.Write(BakeResultTests.Full))!, ResultFields.Shape);
    }

    [Fact]
    public async Task Requests_WeWrite_HaveTheFieldsThatAreReadAndFitTheSchema()
    {
        var request = new BakeRequest
        {
            Recipe = "web",
            Labels = new Dictionary<string, string> { ["tier"] = "base" },
            SpreadSeconds = 5,
            RequestId = "ci-1",
            Parameters = new Dictionary<string, string> { ["a"] = "b" },
            Reason = "ci",
            RequestedBy = "me",
            Source = new RequestSource("repository", "revision"),
            IfChanged = true,
            DryRun = true,
            ReplyTo = "http://localhost:1/111122223333/q",
        };
        AssertComplete(request);
        var json = BakeRequestWriter.Write(request);

        AssertSameFields((JsonObject)JsonNode.Parse(json)!, RequestFields.Shape);
        (await JsonSchema.FromJsonAsync(Schemas.Request)).Validate(json).Should().BeEmpty();
    }

    // An example that leaves out a member would let its name drift unseen.
    private static void AssertComplete(object example)
    {
        foreach (var property in example.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            property.GetValue(example).Should().NotBeNull(property.Name);
        }
    }

    private static void AssertSameFields(JsonObject json, SectionShape shape)
    {
        json.Select(p => p.Key).Should().BeEquivalentTo(shape.Fields.Select(f => f.Name));
        foreach (var field in shape.Fields.Where(f => f.Shape.Inner is not null))
        {
            var inner = json[field.Name] is JsonArray list ? list[0] : json[field.Name];
            AssertSameFields((JsonObject)inner!, field.Shape.Inner!);
        }
    }

    private static string Json(string path) =>
        NodeJson.Write(YamlDocument.Read(File.ReadAllBytes(Checkout.File(path)), new Problems(path))!);
}
