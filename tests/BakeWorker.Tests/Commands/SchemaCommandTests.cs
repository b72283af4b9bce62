namespace BakeWorker.Tests.Commands;

public sealed class SchemaCommandTests : IDisposable
{
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData("request", "requestId")]
    [InlineData("recipe", "architecture")]
    [InlineData("policy", "require")]
    [InlineData("result", "outcome")]
    [InlineData("waivers", "vulnerability")]
    public void Schema_IsOneJsonDocument(string name, string property)
    {
        _line.Run("schema", name).Should().Be(0);

        _line.Json.GetProperty("$schema").GetString().Should().Contain("json-schema.org");
        _line.Output.ToString().Should().Contain(property);
    }
}
