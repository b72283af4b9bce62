using System.Text;
using BakeWorker.Core.Binding;
using NJsonSchema;

namespace BakeWorker.Core.Tests.Binding;

/// <summary>What holds for every field of every document: reader, schema and reference agree.</summary>
public sealed class FieldTests
{
    private static readonly (string Path, SectionShape Shape)[] All =
    [
        .. FieldTable.Recipe,
        .. FieldTable.Policy,
        .. FieldTable.Waivers,
        .. FieldTable.Request,
        .. FieldTable.Result,
    ];

    public static TheoryData<string, string> Every()
    {
        var data = new TheoryData<string, string>();
        foreach (var (path, shape) in All)
        {
            foreach (var field in shape.Fields)
            {
                data.Add($"{shape.Noun} ({path})", field.Name);
            }
        }

        return data;
    }

    public static TheoryData<string> EverySection() => [.. All.Select(s => $"{s.Shape.Noun} ({s.Path})")];

    [Theory]
    [MemberData(nameof(Every))]
    public async Task Example_OfEveryField_IsReadAndFitsTheSchema(string section, string name)
    {
        var field = Find(section).Fields.First(f => f.Name == name);

        Read(field.Shape, field.Example).Should().BeEmpty();
        (await SchemaErrors(field.Shape, field.Example)).Should().BeEmpty();
        field.Summary.Should().EndWith(".");
    }

    [Theory]
    [MemberData(nameof(Every))]
    public async Task Default_OfEveryField_IsReadAndFitsTheSchema(string section, string name)
    {
        var field = Find(section).Fields.First(f => f.Name == name);
        if (field.DefaultText is { } text)
        {
            var yaml = text.Length == 0 ? "''" : text;
            Read(field.Shape, yaml).Should().BeEmpty();
            (await SchemaErrors(field.Shape, yaml)).Should().BeEmpty();
        }
        else
        {
            (field.IsRequired || field.DefaultWords is { Length: > 0 }).Should().BeTrue("the reference must say what absence means");
        }
    }

    [Theory]
    [MemberData(nameof(EverySection))]
    public async Task UnknownField_InEverySection_IsRefusedByReaderAndSchema(string section)
    {
        var shape = Find(section);
        var good = Map(Least(shape));
        var bad = Map([.. Least(shape), "colour: red"]);

        Read(shape, good).Should().BeEmpty();
        (await SchemaErrors(shape, good)).Should().BeEmpty();
        Read(shape, bad).Should().ContainSingle().Which.Should().Contain("colour is not a field of");
        (await SchemaErrors(shape, bad)).Should().HaveCount(shape.IsOpen ? 0 : 1);
    }

    [Theory]
    [MemberData(nameof(EverySection))]
    public async Task MissingField_InEverySection_IsRefusedByReaderAndSchema(string section)
    {
        var shape = Find(section);
        var least = Least(shape).ToList();
        if (shape.Fields.Any(f => f.IsRequired) || shape.OneOf.Count > 0)
        {
            var lacking = Map(least.Skip(1));

            Read(shape, lacking).Should().ContainSingle();
            (await SchemaErrors(shape, lacking)).Should().NotBeEmpty();
        }
    }

    private static SectionShape Find(string section) => All.First(s => $"{s.Shape.Noun} ({s.Path})" == section).Shape;

    private static string Map(IEnumerable<string> entries) => $"{{ {string.Join(", ", entries)} }}";

    // What a section needs to be right, nothing more.
    private static IEnumerable<string> Least(SectionShape shape) =>
        shape.Fields.Where(f => f.IsRequired).Concat(shape.OneOf.Take(1)).Select(f => $"\"{f.Name}\": {f.Example}");

    private static IEnumerable<string> Read(Shape shape, string yaml)
    {
        var problems = new Problems("x");
        var root = YamlDocument.Read(Encoding.UTF8.GetBytes($"x: {yaml}"), problems) as MapNode;
        shape.ReadBoxed(root!.Find("x")!, "x", problems);
        return problems.All.Select(p => p.Message);
    }

    private static async Task<IEnumerable<string>> SchemaErrors(Shape shape, string yaml)
    {
        var schema = await JsonSchema.FromJsonAsync(SchemaText.For(shape, "x"));
        var root = (MapNode)YamlDocument.Read(Encoding.UTF8.GetBytes($"x: {yaml}"), new Problems("x"))!;
        return schema.Validate(NodeJson.Write(root.Find("x")!)).Select(e => e.ToString());
    }
}
