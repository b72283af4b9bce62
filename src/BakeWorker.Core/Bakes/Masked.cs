using System.Text.RegularExpressions;

namespace BakeWorker.Core.Bakes;

/// <summary>Takes what looks like a secret out of text that goes into results: consoles, logs and last lines of scripts may hold any.</summary>
public static partial class Masked
{
    public static string Text(string text)
    {
        text = WholeKey().Replace(text, "[private key]");
        text = EndOfKey().Replace(text, "[private key]");
        text = Tokens().Replace(text, "${prefix}***");
        text = Unmarked().Replace(text, "***");
        text = Header().Replace(text, "${name}***");
        text = Password().Replace(text, "${before}***@");
        return Assignment().Replace(text, "${name}***");
    }

    [GeneratedRegex(
        "-----BEGIN [A-Z0-9 ]*PRIVATE KEY.*?(-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----|$)",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 2000
    )]
    private static partial Regex WholeKey();

    // Of a key whose beginning was cut off with the rest of a long text.
    [GeneratedRegex(
        @"(^[\sA-Za-z0-9+/=]+\n)?-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 2000
    )]
    private static partial Regex EndOfKey();

    [GeneratedRegex(
        @"(?<prefix>\b(AKIA|ASIA|ABIA|ACCA)(?=[A-Z2-7]{16}\b)|gh[pousr]_|github_pat_|\bgl[a-z]{2,6}-|\bxox[a-z]-|\bxapp-|AIza|ya29\.|GOCSPX-|\b[sr]k_(live|prod|test)_"
            + @"|npm_|pypi-|rubygems_|\bhf_|\bhv[sbr]\.|\bsk-|\bdo[opr]_v1_|\bSG\.|ATATT3|\bdapi|NRAK-|glsa_|shp[a-z]{2}_|lin_api_|\bpul-|tskey-[a-z]+-|PMAK-|pscale_[a-z]+_"
            + @"|sntry[su]_|ops_eyJ|\bdp\.[a-z]+\.|AGE-SECRET-KEY-1|dckr_[op]at_|ABSK|\beyJ|api/webhooks/[0-9]+/|hooks\.slack\.com/[a-z]+/|\b[0-9]{8,10}:AA|AccountKey=|[?&]sig=|\$(6|5|y|gy|7)\$|\$2[abxy]\$)[A-Za-z0-9_./+=%$-]{16,}",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 2000
    )]
    private static partial Regex Tokens();

    // Those whose marks are in the middle.
    [GeneratedRegex(
        @"\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{20,}|[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{20,}",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 2000
    )]
    private static partial Regex Unmarked();

    [GeneratedRegex(
        @"(?<name>authorization[""']?\s*[:=]\s*[""']?((Bearer|Basic|token)\s+)?)[A-Za-z0-9._~+/=-]{8,}",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 2000
    )]
    private static partial Regex Header();

    [GeneratedRegex(@"(?<before>://[^/:@\s]{0,100}:)[^/@\s]{1,200}@", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Password();

    [GeneratedRegex(
        @"(?<name>(secret|token|passw(or)?d|passphrase|api_?key|access_?key|private_?key|credential)s?[\w-]{0,30}[""']?[ \t]*[=:][ \t]*[""']?)[^\s""',;]{6,}",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 2000
    )]
    private static partial Regex Assignment();
}
