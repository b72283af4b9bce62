using System.Text.RegularExpressions;

namespace BakeWorker.Core.Linting;

/// <summary>Every rule for lines of scripts and components; docs/recipes.md lists them.</summary>
internal static partial class LintRules
{
    /// <summary>The recipe has no tests.</summary>
    public const string NoTests = "no-tests";

    /// <summary>A step has no timeout of its own.</summary>
    public const string NoTimeout = "no-timeout";

    /// <summary>A script goes on after a command that failed.</summary>
    public const string GoesOn = "goes-on-after-errors";

    /// <summary>A secret stands in a recipe, script or component.</summary>
    public const string Secret = "secret-in-text";

    public static readonly IReadOnlyList<LintRule> OfLines =
    [
        new(
            "download-piped",
            Piped(),
            "a download runs before anybody has looked at it; save it, hold it against its checksum, then run it"
        ),
        new(
            "download-unchecked",
            Fetch(),
            "what is downloaded here is never held against a checksum or signature; write sha256sum -c after it"
        )
        {
            UnlessAnywhere = Check(),
        },
        new("apt-asks", Apt(), "apt-get asks whether to go on, and nobody answers; write -y, and DEBIAN_FRONTEND=noninteractive")
        {
            Unless = AptYes(),
        },
        new("apt-frontend", Apt(), "a package may ask when it is configured, and nobody answers; export DEBIAN_FRONTEND=noninteractive")
        {
            UnlessAnywhere = Frontend(),
        },
        new("dnf-asks", Dnf(), "dnf asks whether to go on, and nobody answers; write -y") { Unless = DnfYes() },
        new("unpinned", Latest(), "this is another version tomorrow; name the version, and its digest where there is one"),
        new("mode-777", WorldWritable(), "everybody may write there; give the rights to the one who needs them"),
    ];

    [GeneratedRegex(@"\b(curl|wget)\b[^|;]*\|\s*(sudo\s+)?(ba|da|z)?sh\b|\b(ba)?sh\s+<\(\s*(curl|wget)\b")]
    private static partial Regex Piped();

    [GeneratedRegex(@"\b(curl|wget)\b.*https?://|\bInvoke-WebRequest\b|\bDownloadFile\(")]
    private static partial Regex Fetch();

    [GeneratedRegex(@"sha(256|512)sum|shasum|\bgpgv?\b|--checksig|Get-FileHash|cosign\s+verify|minisign|checksum:|openssl\s+dgst")]
    private static partial Regex Check();

    [GeneratedRegex(@"\bapt(-get)?\b(\s+-\S+)*\s+(install|upgrade|dist-upgrade|full-upgrade|remove|purge|autoremove)\b")]
    private static partial Regex Apt();

    [GeneratedRegex(@"\s(-y|-[a-z]*y[a-z]*|--yes|--assume-yes|-qq|-s|--simulate|--dry-run|--download-only)(\s|$)")]
    private static partial Regex AptYes();

    [GeneratedRegex(@"DEBIAN_FRONTEND")]
    private static partial Regex Frontend();

    [GeneratedRegex(@"\b(dnf|yum|microdnf)\b(\s+-\S+)*\s+(install|upgrade|update|remove|autoremove|groupinstall)\b")]
    private static partial Regex Dnf();

    [GeneratedRegex(@"\s(-y|-[a-z]*y[a-z]*|--assumeyes|--downloadonly)(\s|$)")]
    private static partial Regex DnfYes();

    [GeneratedRegex(
        @"\b[a-z0-9./-]+/[a-z0-9._-]+:latest\b|/(releases/)?latest/download/|\b(docker|podman|nerdctl|ctr)\b.*\bpull\b\s+[a-z0-9./_-]+\s*$|\bpip3?\s+install\s+(?!.*(==|-r\s|--requirement))|\bnpm\s+(install|i)\s+(-g|--global)\s+[a-z0-9/_-]+\s*$"
    )]
    private static partial Regex Latest();

    [GeneratedRegex(@"\bchmod\s+(-[A-Za-z]+\s+)*(0?777|a\+rwx|ugo\+rwx)\b")]
    private static partial Regex WorldWritable();
}
