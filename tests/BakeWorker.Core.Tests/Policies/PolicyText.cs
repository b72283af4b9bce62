namespace BakeWorker.Core.Tests.Policies;

/// <summary>A policy file of a test.</summary>
internal sealed class PolicyText : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bakeworker-policy-");

    public PolicyText(string text) => File.WriteAllText(Path, text);

    public string Path => System.IO.Path.Combine(_folder.FullName, "policy.yaml");

    public void Dispose() => _folder.Delete(recursive: true);
}
