namespace BakeWorker.EndToEnd.Processes;

/// <summary>A quick recipe whose steps write down that they ran and whose boot test counts it: an image with a step run twice is not published.</summary>
internal static class CountingRecipe
{
    public const string Name = "counting";
    private static readonly string[] Steps = ["one", "two", "three"];

    public static string WriteTo(string folder)
    {
        Write(
            folder,
            "recipe.yaml",
            $$"""
            name: {{Name}}
            description: Counts how often its steps ran
            owner: platform-team
            platform: linux
            architecture: x86_64
            base:
              parameter: /aws/service/debian/release/12/latest/amd64
              owners: ["136693071363"]
            builder: { instanceTypes: [t3.small], agent: install }
            steps:
            {{string.Concat(
                Steps.Select(step => $"  - {{ name: {step}, phase: {(step == Steps[0] ? "patch" : "install")}, run: steps/{step}.sh }}\n")
            )}}  - { name: cleanup, phase: cleanup, uses: linux/cleanup }
            tests:
              - { name: once, run: tests/once.sh }
            """
        );
        foreach (var step in Steps)
        {
            Write(folder, $"steps/{step}.sh", $"#!/bin/sh\nset -eu\necho {step} >>/etc/counted\nsleep 1\n");
        }

        Write(
            folder,
            "tests/once.sh",
            $"#!/bin/sh\ncat /etc/counted\n[ \"$(tr '\\n' ' ' </etc/counted)\" = '{string.Join(' ', Steps)} ' ]\n"
        );
        CopyLibrary(folder);
        return folder;
    }

    private static void Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, Name, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static void CopyLibrary(string folder)
    {
        var library = Testing.Checkout.File("recipes/steps/linux");
        Directory.CreateDirectory(Path.Combine(folder, "steps/linux"));
        foreach (var file in Directory.EnumerateFiles(library))
        {
            File.Copy(file, Path.Combine(folder, "steps/linux", Path.GetFileName(file)));
        }
    }
}
