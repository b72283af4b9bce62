using System.Text;
using BakeWorker.Core.Recipes;
using CsCheck;

namespace BakeWorker.Core.Tests.Recipes;

public sealed class ContentDigestTests
{
    private static readonly Gen<(string Name, string Text)[]> Files = Gen.Select(
            Gen.String[Gen.Char["abc./"], 1, 6],
            Gen.String[Gen.Char["ab \n"], 0, 20]
        )
        .Array[1, 6]
        .Select(files => files.DistinctBy(f => f.Item1).Select(f => (f.Item1, f.Item2)).ToArray());

    [Fact]
    public void Digest_OfOneFile_StaysWhatItWas() =>
        Of([("recipe.yaml", "name: web\n")])
            .Should()
            .Be("sha256:bd7f2ab73bca00a29ecad1f2409a9cc7797a6bb32e35f10f2e3dbe1f074ccdb2", "images in the field carry it");

    [Fact]
    public void Digest_SameFilesInAnyOrder_IsTheSame() => Files.Sample(files => Of(files) == Of(files.Reverse()));

    [Fact]
    public void Digest_WindowsCheckout_IsTheSame() =>
        Files.Sample(files => Of(files) == Of(files.Select(f => (f.Name.Replace('/', '\\'), "\uFEFF" + f.Text.Replace("\n", "\r\n")))));

    [Fact]
    public void Digest_AnyOtherContent_IsAnother() =>
        Gen.Select(Files, Gen.Int[0, 5])
            .Sample(
                (files, index) =>
                {
                    var changed = files.ToArray();
                    changed[index % files.Length].Text += "x";
                    return Of(files) != Of(changed);
                }
            );

    [Fact]
    public void Digest_TextMovedToAnotherFile_IsAnother() => Of([("a", "x"), ("b", "")]).Should().NotBe(Of([("a", ""), ("b", "x")]));

    [Fact]
    public void RecipeDigest_CoversEveryFileUsedAndNoOther()
    {
        using var box = new RecipeBox();
        var before = box.Read().Recipe!.Digest;

        box.Write("web/README.md", "about");
        box.Write("steps/linux/other.sh", "#!/bin/sh\n");
        box.Read().Recipe!.Digest.Should().Be(before);
        foreach (
            var file in new[] { "web/steps/install.sh", "web/tests/app.sh", "steps/linux/patch.sh", "web/waivers.yaml", "web/recipe.yaml" }
        )
        {
            var text = File.ReadAllText(Path.Combine(box.Folder, file));
            box.Write(file, text + "# changed\n");
            box.Read().Recipe!.Digest.Should().NotBe(before, file);
            box.Write(file, text);
            box.Read().Recipe!.Digest.Should().Be(before, file);
        }
    }

    [Fact]
    public void RecipeDigest_InAnotherFolder_IsTheSame()
    {
        using var here = new RecipeBox();
        using var there = new RecipeBox();

        here.Read().Recipe!.Digest.Should().Be(there.Read().Recipe!.Digest);
    }

    private static string Of(IEnumerable<(string Name, string Text)> files)
    {
        var digest = new ContentDigest();
        foreach (var (name, text) in files)
        {
            digest.Add(name, Encoding.UTF8.GetBytes(text));
        }

        return digest.Value;
    }
}
