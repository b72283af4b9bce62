using BakeWorker.Core.Recipes;

namespace BakeWorker.Authoring;

/// <summary>A recipe to begin with: it bakes as it is, and every part of it is there to be changed.</summary>
internal static class RecipeTemplate
{
    private const string Debian = """
        base:
          parameter: /aws/service/debian/release/12/latest/amd64
          owners: ["136693071363"] # Debian's account
          maxAge: 120d

        builder:
          agent: install # Debian's image has no SSM agent
        """;

    private const string DebianSteps = """
          - { name: patch, phase: patch, uses: linux/patch, timeout: 30m, retries: 2, reboot: if-needed }
          - { name: harden, phase: harden, uses: linux/harden, timeout: 10m, reboot: if-needed }
          - { name: install, phase: install, run: steps/install.sh, env: { GREETING: '${greeting}' }, timeout: 10m }
          - { name: cleanup, phase: cleanup, uses: linux/cleanup, timeout: 10m }
        """;

    private const string OwnSteps = """
          - { name: patch, phase: patch, uses: linux/patch, timeout: 30m, retries: 2, reboot: if-needed }
          - { name: install, phase: install, run: steps/install.sh, env: { GREETING: '${greeting}' }, timeout: 10m }
          - { name: cleanup, phase: cleanup, uses: linux/cleanup, timeout: 10m }
        """;

    private const string Tests = """
          - { name: hardening, uses: linux/verify-hardening, timeout: 5m }
          - { name: clean, uses: linux/verify-clean, timeout: 5m }
        """;

    /// <summary>The files by their paths in the recipe's folder.</summary>
    /// <param name="name">Name of the recipe.</param>
    /// <param name="owner">The team that answers for it.</param>
    /// <param name="below">The recipe whose images it is made of; null for Debian's.</param>
    public static IReadOnlyDictionary<string, string> Files(string name, string owner, Recipe? below)
    {
        var texts = new Dictionary<string, string>
        {
            ["@BASE@"] = below is null ? Debian : Own(below),
            ["@STEPS@"] = below is null ? DebianSteps : OwnSteps,
            ["@TESTS@"] = Tests,
            ["@ARCHITECTURE@"] = below?.Architecture == Architecture.Arm64 ? "arm64" : "x86_64",
            ["@OWNER@"] = owner,
            ["@NAME@"] = name,
        };
        return ((string[])["recipe.yaml", "steps/install.sh", "tests/app.sh"]).ToDictionary(
            path => path,
            path => texts.Aggregate(Read(path), (text, part) => text.Replace(part.Key, part.Value, StringComparison.Ordinal))
        );
    }

    private static string Own(Recipe below) =>
        $"""
            base:
              parameter: {below.Publish.Pointer}
              owners: [self]
              madeBy: {below.Name} # bake it first
            """;

    private static string Read(string path)
    {
        using var stream = typeof(RecipeTemplate).Assembly.GetManifestResourceStream($"template/{path}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
