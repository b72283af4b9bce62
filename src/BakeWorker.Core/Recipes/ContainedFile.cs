namespace BakeWorker.Core.Recipes;

/// <summary>A file that must lie in a folder after every symbolic link on its way has been followed.</summary>
internal static class ContainedFile
{
    private const int MaxLinks = 40;

    /// <summary>The content, or what is wrong in <paramref name="trouble"/>, as in "does not exist".</summary>
    public static byte[]? Read(string root, string relative, int maxBytes, out string trouble)
    {
        trouble = "";
        try
        {
            var path = Path.GetFullPath(Path.Combine(root, relative));
            if (!IsInside(Path.GetFullPath(root), path))
            {
                trouble = $"leads out of {root}; keep files that a recipe uses beside it";
            }
            else if (!File.Exists(path))
            {
                trouble = Directory.Exists(path) ? "is a folder" : "does not exist";
            }
            else
            {
                var real = RealPath(path);
                if (!IsInside(RealPath(Path.GetFullPath(root)), real))
                {
                    trouble = $"is a symbolic link out of {root}; put a copy in its place";
                }
                else if (new FileInfo(real).Length > maxBytes)
                {
                    trouble = $"has more than {maxBytes} bytes";
                }
            }

            return trouble.Length == 0 ? File.ReadAllBytes(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            trouble = $"cannot be read: {e.Message.TrimEnd('.')}";
            return null;
        }
    }

    private static bool IsInside(string root, string path) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // ResolveLinkTarget looks at the last component only, and a folder on the way may be the link.
    private static string RealPath(string path)
    {
        for (var links = 0; links < MaxLinks; links++)
        {
            if (FirstLink(path) is not { } link)
            {
                return path;
            }

            var target = link.ResolveLinkTarget(returnFinalTarget: false)!.FullName;
            path = Path.GetFullPath(target + path[link.FullName.Length..]);
        }

        throw new IOException($"more than {MaxLinks} symbolic links on the way");
    }

    private static FileSystemInfo? FirstLink(string path)
    {
        for (var end = path.IndexOf(Path.DirectorySeparatorChar, 1); ; end = path.IndexOf(Path.DirectorySeparatorChar, end + 1))
        {
            FileSystemInfo part = new DirectoryInfo(end < 0 ? path : path[..end]);
            if (part.LinkTarget is not null)
            {
                return part;
            }

            if (end < 0)
            {
                return null;
            }
        }
    }
}
