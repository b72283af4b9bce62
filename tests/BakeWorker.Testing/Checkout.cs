namespace BakeWorker.Testing;

/// <summary>The files of the repository that tests hold the code against.</summary>
public static class Checkout
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    public static string File(string path) => Path.Combine(Root, path);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "BakeWorker.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No checkout of BakeWorker around {AppContext.BaseDirectory}.");
    }
}
