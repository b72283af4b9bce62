using System.Text;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes.Fields;
using BakeWorker.Core.Tests.Binding;

namespace BakeWorker.Core.Tests.Recipes;

/// <summary>docs/recipes.md says what the code does.</summary>
public sealed class RecipesPageTests : IDisposable
{
    private readonly DocsPage page = new("docs/recipes.md");
    private readonly RecipeBox box = new();

    public void Dispose() => box.Dispose();

    [Fact]
    public void Reference_ListsEveryFieldAsItIsRead()
    {
        page.ShouldShow(
            ("recipe fields", FieldTable.Markdown("The recipe", FieldTable.Recipe)),
            ("waiver fields", FieldTable.Markdown("A waiver", FieldTable.Waivers.Select(w => ("", w.Shape))))
        );
    }

    [Fact]
    public void FirstExample_IsAWholeRecipe()
    {
        box.Write("web/recipe.yaml", page.Blocks("yaml")[0]);

        var reading = box.Read();

        reading.Problems.Should().BeEmpty();
        reading.Recipe!.Name.Should().Be("web");
    }

    [Fact]
    public void OtherExamples_AreRightAsFarAsTheyGo()
    {
        foreach (var yaml in page.Blocks("yaml").Skip(1))
        {
            var problems = new Problems("docs/recipes.md");
            var root = YamlDocument.Read(Encoding.UTF8.GetBytes(yaml), problems)!;
            if (root is ListNode)
            {
                WaiverFields.File.TryRead(root, "waivers", problems, out _);
            }
            else
            {
                RecipeFields.Shape.TryRead(root, "", problems, out _);
            }

            problems.All.Where(p => !p.Message.Contains(" is missing; add it")).Should().BeEmpty(yaml);
        }
    }

    [Fact]
    public void WrongExample_GivesTheErrorsShown()
    {
        var wrong = page.Blocks("text")[0].Split("\n\n");
        box.Write("web/recipe.yaml", RecipeBox.Good);
        var at = Array.FindIndex(RecipeBox.Good.Split('\n'), l => l.StartsWith("retain:", StringComparison.Ordinal));
        at.Should().BePositive();

        var reading = box.ReadWith("retain: { keep: 3, olderThan: 60d }", wrong[0].Trim());

        box.Shown(reading)
            .Select(s => $"recipes/{s}")
            .Should()
            .Equal(wrong[1].Trim().Split('\n').Select(l => l.Replace("LINE", $"{at + 1}")));
    }
}
