using BakeWorker.Core.Policies;
using BakeWorker.Core.Tests.Binding;
using BakeWorker.Core.Tests.Recipes;

namespace BakeWorker.Core.Tests.Policies;

/// <summary>docs/policy.md says what the code does.</summary>
public sealed class PolicyPageTests
{
    private readonly DocsPage page = new("docs/policy.md");

    [Fact]
    public void Reference_ListsEveryFieldAsItIsRead() =>
        page.ShouldShow(("policy fields", FieldTable.Markdown("The policy", FieldTable.Policy)));

    [Fact]
    public void Example_IsAWholePolicy()
    {
        using var file = new PolicyText(page.Blocks("yaml")[0]);

        var reading = PolicyReader.Read(file.Path);

        reading.Problems.Should().BeEmpty();
        reading.Policy!.Share.Accounts.Should().Equal("111122223333");
    }
}
