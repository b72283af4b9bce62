namespace BakeWorker.LocalCloud.Inspector.Advisories;

/// <summary>The base score of a CVSS 3.x vector, by the formula of its specification.</summary>
public static class CvssV3
{
    /// <summary>0.0 to 10.0; null when a base metric is missing or unknown.</summary>
    public static double? BaseScore(string vector)
    {
        var metrics = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in vector.Split('/'))
        {
            if (part.Split(':') is [var name, var value])
            {
                metrics[name] = value;
            }
        }

        var isChanged = metrics.GetValueOrDefault("S") == "C";
        double? Weight(string name) => Metric(name, metrics.GetValueOrDefault(name), isChanged);
        if (
            metrics.GetValueOrDefault("S") is not ("U" or "C")
            || (Weight("AV"), Weight("AC"), Weight("PR"), Weight("UI"))
                is not
                ({ } attackVector, { } complexity, { } privileges, { } interaction)
            || (Weight("C"), Weight("I"), Weight("A")) is not ({ } confidentiality, { } integrity, { } availability)
        )
        {
            return null;
        }

        var loss = 1 - ((1 - confidentiality) * (1 - integrity) * (1 - availability));
        var impact = isChanged ? (7.52 * (loss - 0.029)) - (3.25 * Math.Pow(loss - 0.02, 15)) : 6.42 * loss;
        if (impact <= 0)
        {
            return 0;
        }

        var exploitability = 8.22 * attackVector * complexity * privileges * interaction;
        return RoundUp(Math.Min((isChanged ? 1.08 : 1) * (impact + exploitability), 10));
    }

    private static double? Metric(string name, string? value, bool isChanged) =>
        (name, value) switch
        {
            ("AV", "N") => 0.85,
            ("AV", "A") => 0.62,
            ("AV", "L") => 0.55,
            ("AV", "P") => 0.2,
            ("AC", "L") => 0.77,
            ("AC", "H") => 0.44,
            ("PR", "N") => 0.85,
            ("PR", "L") => isChanged ? 0.68 : 0.62,
            ("PR", "H") => isChanged ? 0.5 : 0.27,
            ("UI", "N") => 0.85,
            ("UI", "R") => 0.62,
            ("C" or "I" or "A", "H") => 0.56,
            ("C" or "I" or "A", "L") => 0.22,
            ("C" or "I" or "A", "N") => 0,
            _ => null,
        };

    /// <summary>Up to the next tenth, in whole numbers so that 4.02 does not become 4.1 by a rounding error.</summary>
    private static double RoundUp(double value)
    {
        var scaled = (long)Math.Round(value * 100_000);
        return scaled % 10_000 == 0 ? scaled / 100_000.0 : ((scaled / 10_000) + 1) / 10.0;
    }
}
