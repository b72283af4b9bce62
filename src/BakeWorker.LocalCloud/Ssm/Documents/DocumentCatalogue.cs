namespace BakeWorker.LocalCloud.Ssm.Documents;

/// <summary>The AWS-owned command documents this cloud answers for, described in its own words.</summary>
internal static class DocumentCatalogue
{
    private const string Seconds = "([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800)";

    private static readonly DocumentParameter[] ScriptParameters =
    [
        new("commands", "StringList", "The lines of the script."),
        new("workingDirectory", "String", "The directory to run it in.", ""),
        new("executionTimeout", "String", "Seconds until the script is killed, at most 172800.", "3600") { Pattern = Seconds },
    ];

    public static IReadOnlyList<Document> All { get; } =
    [
        new("AWS-ConfigureAWSPackage", "Installs or removes a package.", "2.2")
        {
            Parameters =
            [
                new("action", "String", "Install or uninstall.") { Allowed = ["Install", "Uninstall"] },
                new("installationType", "String", "How an installed version is replaced.", "Uninstall and reinstall")
                {
                    Allowed = ["Uninstall and reinstall", "In-place update"],
                },
                new("name", "String", "The package.") { Pattern = "[a-zA-Z0-9_-]{1,39}" },
                new("version", "String", "Its version; the latest when empty.", "") { Pattern = "([A-Za-z0-9][A-Za-z0-9.+~:-]*)?" },
                new("additionalArguments", "String", "Arguments of the package's scripts.", "{}"),
            ],
            Steps = [new("configurePackage", "aws:configurePackage", "Windows|Linux")],
            Script = DocumentScripts.ConfigurePackage,
        },
        new("AWS-RunPatchBaseline", "Scans for or installs missing patches.", "2.2")
        {
            Parameters =
            [
                new("Operation", "String", "Scan or Install.") { Allowed = ["Scan", "Install"] },
                new("AssociationId", "String", "Unused here.", ""),
                new("SnapshotId", "String", "Fixes the view of patches; unused here.", ""),
                new("InstallOverrideList", "String", "Unused here.", ""),
                new("BaselineOverride", "String", "Unused here.", ""),
                new("RebootOption", "String", "Whether the guest restarts after an install.", "RebootIfNeeded")
                {
                    Allowed = ["RebootIfNeeded", "NoReboot"],
                },
            ],
            Steps = [new("PatchWindows", "aws:runPowerShellScript", "Windows"), new("PatchLinux", "aws:runShellScript", "Linux")],
            Script = DocumentScripts.PatchBaseline,
        },
        new("AWS-RunPowerShellScript", "Runs a PowerShell script.", "1.2")
        {
            Parameters = ScriptParameters,
            Steps = [new("aws:runPowerShellScript", "aws:runPowerShellScript", "Windows|Linux")],
            Script = DocumentScripts.Commands,
        },
        new("AWS-RunShellScript", "Runs a shell script.", "1.2")
        {
            Parameters = ScriptParameters,
            Steps = [new("aws:runShellScript", "aws:runShellScript", "Linux|MacOS")],
            Script = DocumentScripts.Commands,
        },
    ];

    /// <summary>By name or by ARN.</summary>
    public static Document? Find(string name)
    {
        var slash = name.LastIndexOf('/');
        var bare = name.StartsWith("arn:", StringComparison.Ordinal) && slash > 0 ? name[(slash + 1)..] : name;
        return All.FirstOrDefault(document => document.Name == bare);
    }
}
