using BakeWorker.Core.Bakes.Fields;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Policies.Fields;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Bakes;

/// <summary>
/// JSON Schemas of the public documents. Made from the fields that the readers go by, so a document that a reader accepts fits its
/// schema; the readers know more, such as which fields belong together.
/// </summary>
public static class Schemas
{
    public static string Request => SchemaText.For(RequestFields.Shape, "BakeWorker request");
    public static string Recipe => SchemaText.For(RecipeFields.Shape, "BakeWorker recipe");
    public static string Result => SchemaText.For(ResultFields.Shape, "BakeWorker result");
    public static string Policy => SchemaText.For(PolicyFields.Shape, "BakeWorker policy");
    public static string Waivers => SchemaText.For(WaiverFields.File, "BakeWorker waivers");
}
