using System.Text;
using BakeWorker.Core.Recipes;
using CsCheck;

namespace BakeWorker.Core.Tests.Recipes;

/// <summary>Documents that are broken, hostile or only unusual as YAML.</summary>
public sealed class RecipeYamlTests : IDisposable
{
    private static readonly string[] Oddities =
    [
        "<<: *a",
        "&a ",
        "*a",
        "---\n",
        "...\n",
        "!!binary ",
        "? ",
        "|\n",
        "name: x\n",
        "\"\\x",
        "%YAML 9.9\n",
        "null",
        ".inf",
        "9999999999",
    ];
    private readonly RecipeBox box = new();

    public void Dispose() => box.Dispose();

    [Theory]
    [InlineData("", "1:1", "the file is empty; docs/recipes.md shows what belongs into it.")]
    [InlineData("# nothing\n", "1:1", "the file is empty; docs/recipes.md shows what belongs into it.")]
    [InlineData("- a\n", "1:1", "the document is a list; write a recipe with the fields name,*")]
    [InlineData("just text\n", "1:1", "the document is 'just text'; write a recipe with the fields name,*")]
    [InlineData("name: web\n\tplatform: linux\n", "1:7", "this is not YAML: *")]
    [InlineData("name: [web\n", "2:*", "this is not YAML: *")]
    [InlineData("name: *nobody\n", "1:7", "this is not YAML: the alias \\*nobody names no anchor before it.")]
    [InlineData("name: web\n---\nname: db\n", "2:1", "a second document begins here; write one document per file.")]
    [InlineData("name: !ruby/object web\n", "1:7", "the tag '!ruby/object' means nothing here; remove it.")]
    [InlineData("[a]: b\n", "1:1", "a key is a list; write a word.")]
    public void Recipe_NotAYamlMap_IsOneClearError(string yaml, string place, string message)
    {
        box.Write("web/recipe.yaml", yaml);

        box.Shown(box.Read()).Should().ContainMatch($"web/recipe.yaml:{place}: {message.Replace("\\*", "*")}");
    }

    [Fact]
    public void Recipe_AnchorsAndAliases_StandForTheirValues()
    {
        box.Write(
            "web/recipe.yaml",
            RecipeBox
                .Good.Replace("retries: 2", "retries: &tries 3")
                .Replace("market: spot-then-on-demand", "market: spot-then-on-demand\n  subnets: &subnets [subnet-01234567]")
                .Replace("retain: { keep: 3,", "retain: { keep: *tries ,")
        );

        var reading = box.Read();

        box.Shown(reading).Should().BeEmpty();
        (reading.Recipe!.Steps[0].Retries, reading.Recipe.Retain.Keep).Should().Be((3, 3));
        reading.Recipe.Builder.Subnets.Should().Equal("subnet-01234567");
    }

    [Fact]
    public void Recipe_AliasesOfAliases_AreStoppedBeforeTheyGrow()
    {
        var yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
        {
            yaml.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        box.Write("web/recipe.yaml", yaml.ToString());

        box.Shown(box.Read()).Should().ContainMatch("*this is not YAML: the document grows to more than 20000 values.");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Recipe_NestedWithoutEnd_IsRefused(string open)
    {
        box.Write("web/recipe.yaml", string.Concat(Enumerable.Repeat(open, 50_000)));

        box.Shown(box.Read()).Should().ContainSingle().Which.Should().Contain("this is not YAML: ");
    }

    [Fact]
    public void Recipe_TooLarge_IsRefusedUnread()
    {
        box.Write("web/recipe.yaml", $"# {new string('x', 300_000)}\n");

        box.Shown(box.Read())
            .Should()
            .Equal(
                "web/recipe.yaml:1:1: the file has 300003 bytes, more than the 262144 that are read; move scripts into files of their own."
            );
    }

    [Fact]
    public void Recipe_NotUtf8_IsRefused()
    {
        box.Write("web/recipe.yaml", [0x6e, 0xff, 0xfe]);

        box.Shown(box.Read()).Should().Equal("web/recipe.yaml:1:1: the file is not UTF-8; save it as UTF-8.");
    }

    [Fact]
    public void Recipe_WithWindowsLineEndsAndByteOrderMark_IsReadTheSame()
    {
        var before = box.Read().Recipe!;
        box.Write("web/recipe.yaml", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(RecipeBox.Good.ReplaceLineEndings("\r\n"))]);

        box.Read().Recipe.Should().BeEquivalentTo(before);
    }

    [Fact]
    public void Recipe_RandomlyEdited_NeverThrowsAndNeverPassesWithErrors()
    {
        var good = RecipeBox.Good;
        var edit = Gen.Select(
            Gen.Int[0, good.Length - 1],
            Gen.Int[0, 30],
            Gen.OneOf(
                Gen.String[Gen.Char["{}[]\",:&*!|>%@`'#?-~\t\n 0aé\u0000\ud800"], 0, 6],
                Gen.Int[0, Oddities.Length - 1].Select(i => Oddities[i])
            )
        );

        edit.Array[1, 4]
            .Sample(
                edits =>
                {
                    var text = good;
                    foreach (var (at, length, with) in edits)
                    {
                        var from = Math.Min(at, text.Length);
                        text = text.Remove(from, Math.Min(length, text.Length - from)).Insert(from, with);
                    }

                    var reading = RecipeYaml(text);
                    (reading.Recipe is null).Should().Be(reading.Errors.Any());
                    reading.Problems.All(p => p.Place.Line >= 1 && p.Place.Column >= 1 && p.Message.Length < 1200).Should().BeTrue();
                },
                iter: 2000,
                threads: 1
            );
    }

    private RecipeReading RecipeYaml(string text)
    {
        box.Write("web/recipe.yaml", text);
        return box.Read();
    }
}
