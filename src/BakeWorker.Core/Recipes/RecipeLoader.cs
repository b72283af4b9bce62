using BakeWorker.Core.Bakes;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Recipes;

/// <summary>Reads one recipe with everything it uses, and finds everything that is wrong with it.</summary>
internal static class RecipeLoader
{
    public static RecipeReading Load(RecipePlace place, DateOnly today)
    {
        var (problems, places, texts) = (new Problems(Shown.Path(place.File)), new Dictionary<string, Place>(), new List<ReadText>());
        var unlimited = new List<Place>();
        var recipe = Load(place, today, places, texts, unlimited, problems);
        return new RecipeReading(problems.HasErrors ? null : recipe, problems.All)
        {
            File = problems.File,
            Places = places,
            Texts = texts,
            StepsWithoutTimeout = unlimited,
        };
    }

    private static Recipe? Load(
        RecipePlace place,
        DateOnly today,
        Dictionary<string, Place> places,
        List<ReadText> texts,
        List<Place> unlimited,
        Problems problems
    )
    {
        var content = ContainedFile.Read(place.Folder, place.FileName, int.MaxValue, out var trouble);
        if (content is null)
        {
            var isNearly = File.Exists(Path.Combine(place.Folder, RecipePlace.NearlyRecipeFile));
            var hint = isNearly ? $"rename {RecipePlace.NearlyRecipeFile} to it" : "write one, docs/recipes.md shows how";
            problems.Error(Place.Start, $"the recipe {trouble}; {hint}.");
            return null;
        }

        if (YamlDocument.Read(content, problems) is not { } root || !RecipeFields.Shape.TryRead(root, "", problems, out var recipe))
        {
            return null;
        }

        root.AddPlaces("", places);
        CheckName(recipe, place, problems);
        new RecipeChecks(recipe, problems).Run();
        new HygieneChecks(recipe.In(RecipeFields.Hygiene), today, problems).Run();

        var files = new RecipeFiles(place, recipe.FindValue(RecipeFields.Platform), problems);
        files.AddRecipe(content);
        var steps = recipe
            .List(RecipeFields.Steps)
            .Select(step => new LoadedStep(step, files.FindScript(step, StepFields.Run, StepFields.Uses), files.FindComponent(step)))
            .ToList();
        var tests = recipe.List(RecipeFields.Tests).Select(t => (t, files.FindScript(t, TestFields.Run, TestFields.Uses))).ToList();
        var waivers = ReadWaivers(recipe, place, files, today, problems);
        texts.AddRange(files.Texts);
        unlimited.AddRange(
            steps
                .Select(step => step.Section)
                .Where(step => (step.Has(StepFields.Run) || step.Has(StepFields.Document)) && !step.Has(StepFields.Timeout))
                .Select(step => step.Place)
        );
        if (problems.HasErrors)
        {
            return null;
        }

        files.WarnOfUnused();
        var read = RecipeMapping.Recipe(recipe, steps, tests, waivers, files.Digest);
        CheckSizes(read, steps, recipe, problems);
        return read;
    }

    private static void CheckName(Section recipe, RecipePlace place, Problems problems)
    {
        if (place.Name is not null && recipe.TryGet(RecipeFields.Name, out var name) && name != place.Name)
        {
            problems.Error(
                recipe.At(RecipeFields.Name),
                $"name is '{name}', but the folder is '{place.Name}', by which requests find the recipe; make the two the same."
            );
        }
    }

    private static IReadOnlyList<Waiver> ReadWaivers(
        Section recipe,
        RecipePlace place,
        RecipeFiles files,
        DateOnly today,
        Problems problems
    )
    {
        var scan = recipe.In(RecipeFields.Scan);
        if (files.FindWaivers(scan) is not { } content)
        {
            return [];
        }

        var inFile = new Problems(Shown.Path(Path.Combine(place.Folder, scan.Get(ScanFields.Waivers))));
        var waivers = WaiverFile.Read(content, today, inFile);
        problems.Add(inFile.All);
        return waivers;
    }

    // Only a whole recipe can be measured: the size counts script and environment together, compressed.
    private static void CheckSizes(Recipe recipe, IReadOnlyList<LoadedStep> steps, Section source, Problems problems)
    {
        var places = steps
            .Select(step => (Name: step.Section.Get(StepFields.Name), step.Section.Place))
            .Concat(source.List(RecipeFields.Tests).Select(test => (Name: test.Get(TestFields.Name), test.Place)))
            .DistinctBy(named => named.Name)
            .ToDictionary(named => named.Name, named => named.Place);
        foreach (var step in recipe.Steps.Where(step => step.Script is not null))
        {
            CheckSize($"step/{step.Name}/1", step.Script!, step.Environment, PlaceOf(step.Name));
        }

        foreach (var test in recipe.Tests)
        {
            CheckSize($"test/{test.Name}/1", test.Script, test.Environment, PlaceOf(test.Name));
        }

        // Steps of a component are called after the step that names it.
        Place PlaceOf(string name) => places[name.Split('.')[0]];

        void CheckSize(string key, string text, IReadOnlyDictionary<string, string> environment, Place place)
        {
            try
            {
                StepEnvelope.EnsureFits(
                    new StepScript
                    {
                        Bake = BakeId.For(recipe.Name, key),
                        Key = key,
                        Text = text,
                        Environment = environment,
                        IsWindows = recipe.Platform == Platform.Windows,
                    }
                );
            }
            catch (BakeFailedException e)
            {
                problems.Error(place, e.Message);
            }
        }
    }
}
