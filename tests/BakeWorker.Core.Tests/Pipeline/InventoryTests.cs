using System.IO.Compression;
using System.Text;
using BakeWorker.Core.Pipeline;

namespace BakeWorker.Core.Tests.Pipeline;

public sealed class InventoryTests
{
    [Fact]
    public void ChangesSince_PackagesCameWentAndMoved_SaysSo()
    {
        var before = Inventory.Parse(Pack("curl\t7.1\tamd64\nnano\t2\tamd64\ntar\t1\tamd64\n"))!;
        var after = Inventory.Parse(Pack("curl\t7.2\tamd64\ntar\t1\tamd64\nvim\t9\tall\n"))!;

        after.ChangesSince(before).Should().Equal("~ curl:amd64 7.1 -> 7.2", "- nano:amd64 2", "+ vim:all 9");
    }

    [Theory]
    [InlineData("")]
    [InlineData("dpkg-query: not found")]
    [InlineData("aGVsbG8=")]
    public void Parse_SomethingElse_IsNull(string output) => Inventory.Parse(output).Should().BeNull();

    private static string Pack(string lines)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(lines));
        }

        return Convert.ToBase64String(packed.ToArray(), Base64FormattingOptions.InsertLineBreaks);
    }
}
