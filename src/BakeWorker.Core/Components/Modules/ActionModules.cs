using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Components.Modules;

/// <summary>Every action module there is, and why some are refused.</summary>
internal static class ActionModules
{
    private static readonly TextShape FlagText = new("true or false", "true or false", 8, "^(true|True|TRUE|false|False|FALSE)$")
    {
        TakesAnyScalar = true,
    };

    // A parameter or an output may stand for a checksum; what it then is, the guest holds the download against.
    private static readonly TextShape ChecksumText = new(
        "checksum",
        "the SHA-256 (or SHA-512) of the file in hexadecimal digits",
        4096,
        @"^([0-9A-Fa-f]{64}|[0-9A-Fa-f]{128}|.*(\$\{|\{\{).*)$"
    )
    {
        TakesAnyScalar = true,
    };
    private static readonly TextShape AlgorithmText = new("algorithm", "SHA256 or SHA512", 8, "^SHA(256|512)$");
    private static readonly TextShape Utf8Text = new("encoding", "utf-8, the only encoding", 16, "^[uU][tT][fF]-?8$");
    private static readonly TextShape FalseText = new("true or false", "false, or leave it out", 8, "^([fF]alse|FALSE)$")
    {
        TakesAnyScalar = true,
    };

    // A parameter that stays empty would leave no place, or with a slash behind it the root of the disk.
    private static readonly TextShape PlaceText = new("path", "a path", 4096) { TakesAnyScalar = true, Forbidden = _ => false };

    private static readonly ModuleInput Path = Required("path", PlaceText);
    private static readonly ModuleInput Source = Required("source", PlaceText);
    private static readonly ModuleInput Destination = Required("destination", PlaceText);
    private static readonly ModuleInput Content = Optional("content");
    private static readonly ModuleInput Owner = Optional("owner");
    private static readonly ModuleInput Group = Optional("group");
    private static readonly ModuleInput Permissions = Optional("permissions");
    private static readonly ModuleInput Overwrite = Flag("overwrite", "true");
    private static readonly ModuleInput Recursive = Flag("recursive", "true");
    private static readonly ModuleInput Encoding = Optional("encoding", Utf8Text);

    private static readonly Dictionary<string, ActionModule> Known = new ActionModule[]
    {
        new ShellModule("ExecuteBash", Platform.Linux),
        new ShellModule("ExecutePowerShell", Platform.Windows),
        new BinaryModule(),
        new RebootModule(),
        new UpdateModule(),
        new FileModule("CreateFile", "create_file", Path, Content, Owner, Group, Permissions, Overwrite, Encoding),
        new FileModule("AppendFile", "append_file", Path, Content, Encoding),
        new FileModule("ReadFile", "read_file", Path, Encoding, Flag("printFileContent", "false")),
        new FileModule("CopyFile", "copy_file", Source, Destination, Overwrite),
        new FileModule("MoveFile", "move_file", Source, Destination, Overwrite),
        new FileModule("DeleteFile", "delete_file", Path),
        new FileModule("ListFiles", "list_files", Path, Optional("fileNamePattern"), Flag("recursive", "false")),
        new FileModule("CreateFolder", "create_folder", Path, Owner, Group, Permissions, Overwrite),
        new FileModule("CopyFolder", "copy_folder", Source, Destination, Overwrite),
        new FileModule("MoveFolder", "move_folder", Source, Destination, Overwrite),
        new FileModule("DeleteFolder", "delete_folder", Path, Flag("force", "false")),
        new FileModule("CreateSymlink", "create_symlink", Path, Required("target"), Flag("force", "false")),
        new FileModule("SetFileOwner", "set_file_owner", Path, Required("owner"), Group),
        new FileModule("SetFolderOwner", "set_folder_owner", Path, Required("owner"), Group, Recursive),
        new FileModule("SetFilePermissions", "set_file_permissions", Path, Required("permissions")),
        new FileModule("SetFolderPermissions", "set_folder_permissions", Path, Required("permissions"), Recursive),
        new FileModule(
            "WebDownload",
            "web_download",
            Source,
            Destination,
            new ModuleInput(Field.Required("checksum", ChecksumText, "Checksum of the file.", $"'{new string('0', 64)}'"), ""),
            new ModuleInput(Field.Optional("algorithm", AlgorithmText, "SHA256", "Kind of the checksum.", "SHA256"), "SHA256"),
            Overwrite,
            Optional("ignoreCertificateErrors", FalseText)
        ),
    }.ToDictionary(module => module.Name);

    private static readonly Dictionary<string, string> Refused = new()
    {
        ["Assert"] = "write the check in ExecuteBash, where a code other than 0 fails the step",
        ["ExecuteDocument"] = "give the other document a step of its own in the recipe",
        ["S3Download"] =
            "it checks no checksum; use WebDownload, or fetch the file in a script of the recipe and hold it against its checksum",
        ["S3Upload"] = "a builder has no right to write to buckets; keep what is needed in the image, or print it",
        ["SetFileEncoding"] = "write the file in the encoding it needs with ExecuteBash and iconv",
        ["InstallMSI"] = "run msiexec in ExecutePowerShell and end with its code; 3010 restarts",
        ["UninstallMSI"] = "run msiexec in ExecutePowerShell and end with its code; 3010 restarts",
        ["SetRegistry"] = "write Set-ItemProperty in ExecutePowerShell",
    };

    /// <summary>The module, or null after an error that says what to do instead.</summary>
    public static ActionModule? Find(string action, Platform platform, string path, Place place, Problems problems)
    {
        if (!Known.TryGetValue(action, out var module))
        {
            problems.Error(
                place,
                Refused.TryGetValue(action, out var instead)
                    ? $"{path} is '{action}', which is not supported: {instead}."
                    : $"{path} is {Shown.Value(action)}, which is no action module; {Suggestion.Hint(action, [.. Known.Keys, .. Refused.Keys], "they are")}"
            );
            return null;
        }

        if (module.Only is { } only && only != platform)
        {
            var instead = platform == Platform.Windows ? "write it in ExecutePowerShell" : "write it in ExecuteBash";
            problems.Error(
                place,
                $"{path} is '{action}', which a recipe for {(platform == Platform.Windows ? "windows" : "linux")} cannot run; {instead}."
            );
            return null;
        }

        return module;
    }

    private static ModuleInput Required(string name, TextShape? shape = null) =>
        new(Field.Required(name, shape ?? Words.FreeValue, $"The {name}.", "…"), "");

    private static ModuleInput Optional(string name, TextShape? shape = null) =>
        new(Field.Optional(name, shape ?? Words.FreeValue, "none", $"The {name}.", "…"), "");

    private static ModuleInput Flag(string name, string otherwise) =>
        new(Field.Optional(name, FlagText, otherwise, $"Whether {name}.", otherwise), otherwise);
}
