using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace BakeWorker.LocalCloud.Protocols;

/// <summary>Renders XML answers. Services build elements without a namespace; the protocol's own is put on here.</summary>
internal static class WireXml
{
    // Carriage returns would be lost in a parser's line-end normalisation unless they travel as character references.
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(false),
        NewLineHandling = NewLineHandling.Entitize,
    };

    public static WireResponse Render(int status, XElement root, XNamespace ns)
    {
        foreach (var element in root.DescendantsAndSelf())
        {
            element.Name = ns + element.Name.LocalName;
        }

        using var body = new MemoryStream();
        using (var writer = XmlWriter.Create(body, Settings))
        {
            root.Save(writer);
        }

        return new(status, "text/xml;charset=UTF-8", body.ToArray());
    }
}
