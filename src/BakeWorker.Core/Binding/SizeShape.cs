using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BakeWorker.Core.Binding;

/// <summary>A disk size in whole GiB, within bounds.</summary>
internal sealed partial class SizeShape(int least, int most) : ScalarShape<int>
{
    private const string Pattern = "^[0-9]{1,6}(GiB|TiB)$";

    public override string Kind => "size";
    public override string Range => $"{least}GiB to {most}GiB";
    protected override string Expected => $"a size from {least}GiB to {most}GiB, such as 10GiB or 1TiB";

    public override string Show(int value) => $"{value}GiB";

    protected override bool TryParse(ScalarNode scalar, out int value, out string trouble)
    {
        value = 0;
        if (!Shape().IsMatch(scalar.Text))
        {
            trouble =
                scalar.Kind == ScalarKind.Number ? $"which has no unit; write {Expected}." : $"which is not a size; write {Expected}.";
            return false;
        }

        value =
            int.Parse(scalar.Text.AsSpan(0, scalar.Text.Length - 3), CultureInfo.InvariantCulture) * (scalar.Text.Contains('T') ? 1024 : 1);
        trouble = value < least || value > most ? $"which is outside {Range}; write {Expected}." : "";
        return trouble.Length == 0;
    }

    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "string");
        json.WriteString("pattern", Pattern);
    }

    [GeneratedRegex(Pattern)]
    private static partial Regex Shape();
}
