namespace BakeWorker.Board.Pages;

/// <summary>What every page needs: the overview, and the moment it is of.</summary>
internal sealed record Frame(Overview Overview, DateTimeOffset Now);
