namespace BakeWorker.LocalCloud.Ssm.Documents;

/// <summary>What the agent runs for each document. Values that become part of a script have passed the document's patterns.</summary>
internal static class DocumentScripts
{
    // There is no Distributor here, so a package comes from the guest's own repositories or not at all.
    private const string Package = """
        #!/bin/sh
        action='@ACTION@' name='@NAME@' version='@VERSION@'
        case "$name" in
          AmazonCloudWatchAgent) name=amazon-cloudwatch-agent ;;
          *) name=$(printf '%s' "$name" | tr 'A-Z_' 'a-z-') ;;
        esac
        export DEBIAN_FRONTEND=noninteractive
        if command -v apt-get >/dev/null 2>&1; then
          if [ "$action" = Uninstall ]; then apt-get -y -q remove "$name"; exit $?; fi
          apt-get -q update && apt-get -y -q install "$name${version:+=$version}" && exit 0
        elif command -v dnf >/dev/null 2>&1; then
          if [ "$action" = Uninstall ]; then dnf -y -q remove "$name"; exit $?; fi
          dnf -y -q install "$name${version:+-$version}" && exit 0
        fi
        echo "LocalCloud has no package distributor, and this guest's repositories have no $name" >&2
        exit 1
        """;

    private const string Patch = """
        #!/bin/sh
        operation='@OPERATION@' reboot='@REBOOT@'
        export DEBIAN_FRONTEND=noninteractive
        if command -v apt-get >/dev/null 2>&1; then
          apt-get -q update || exit 1
          missing=$(apt-get -s -q upgrade | grep -c '^Inst ')
          if [ "$operation" = Install ]; then
            apt-get -y -q -o Dpkg::Options::=--force-confold upgrade || exit 1
          fi
        elif command -v dnf >/dev/null 2>&1; then
          missing=$(dnf -q check-update | grep -c '^[a-zA-Z0-9]')
          if [ "$operation" = Install ]; then
            dnf -y -q upgrade || exit 1
          fi
        else
          echo 'no package manager that this document knows' >&2
          exit 1
        fi
        echo "operation: $operation, missing before: $missing"
        if [ "$operation" = Install ] && [ "$reboot" = RebootIfNeeded ] && [ -e /run/reboot-required ]; then
          exit 194
        fi
        """;

    public static string Commands(DocumentValues values, bool isWindows) => string.Join('\n', values.List("commands")) + "\n";

    public static string ConfigurePackage(DocumentValues values, bool isWindows) =>
        isWindows
            ? "Write-Error 'LocalCloud has no package distributor'; exit 1\n"
            : Package
                .Replace("@ACTION@", values["action"])
                .Replace("@NAME@", values["name"])
                .Replace("@VERSION@", values["version"] is "latest" ? "" : values["version"]);

    public static string PatchBaseline(DocumentValues values, bool isWindows) =>
        isWindows
            ? "Write-Error 'LocalCloud has no Windows Update'; exit 1\n"
            : Patch.Replace("@OPERATION@", values["Operation"]).Replace("@REBOOT@", values["RebootOption"]);
}
