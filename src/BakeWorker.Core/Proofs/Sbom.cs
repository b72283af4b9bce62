using System.Text.Json.Nodes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;

namespace BakeWorker.Core.Proofs;

/// <summary>A CycloneDX 1.5 bill of materials of an image: that version, because Inspector's own ScanSbom takes no other.</summary>
internal static class Sbom
{
    public const string MediaType = "application/vnd.cyclonedx+json; version=1.5";
    private const string ArchitectureProperty = "bakeworker:architecture";
    private const string KernelProperty = "bakeworker:kernel";

    public static JsonObject Of(ProvenFacts facts)
    {
        var (packages, arn) = (facts.Packages, Statement.Arn(facts.Home.Region, facts.Home.Id));
        return new JsonObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.5.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.5",
            ["serialNumber"] = SerialNumber(arn),
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["timestamp"] = ProofJson.Time(facts.ProvenAt),
                ["tools"] = new JsonObject
                {
                    ["components"] = new JsonArray(
                        new JsonObject
                        {
                            ["type"] = "application",
                            ["name"] = "bakeworker",
                            ["version"] = Provenance.WorkerVersion,
                        }
                    ),
                },
                ["component"] = new JsonObject
                {
                    ["type"] = "platform",
                    ["bom-ref"] = arn,
                    ["name"] = facts.Bake.Recipe.Name,
                    ["version"] = facts.Bake.Id.Value,
                },
            },
            ["components"] = ProofJson.List([
                .. System(packages),
                .. packages.Installed.Select(package => Component(package, packages.System)),
            ]),
        };
    }

    /// <summary>The packages of a bill that this program wrote earlier; null when it is something else.</summary>
    public static Inventory? Read(byte[] content)
    {
        try
        {
            var components = JsonNode.Parse(content)?["components"] as JsonArray;
            return components is null
                ? null
                : new Inventory([
                    .. components
                        .OfType<JsonObject>()
                        .Where(component => (string?)component["type"] == "library")
                        .Select(component => new InstalledPackage(
                            (string?)component["name"] ?? "",
                            (string?)component["version"] ?? "",
                            (string?)(component["properties"] as JsonArray)?[0]?["value"] ?? ""
                        )),
                ]);
        }
        catch (Exception exception) when (ProofJson.IsOfText(exception))
        {
            return null;
        }
    }

    private static IEnumerable<JsonObject> System(Inventory packages)
    {
        if (packages.System is { } system)
        {
            var component = new JsonObject
            {
                ["type"] = "operating-system",
                ["bom-ref"] = "os",
                ["name"] = system.Architecture,
                ["version"] = system.Version,
            };
            if (packages.Kernel is { } kernel)
            {
                component["properties"] = new JsonArray(Property(KernelProperty, kernel.Version));
            }

            yield return component;
        }
    }

    private static JsonObject Component(InstalledPackage package, InstalledPackage? system)
    {
        var url = PackageUrl.Of(package, system);
        return new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = url,
            ["name"] = package.Name,
            ["version"] = package.Version,
            ["purl"] = url,
            ["properties"] = new JsonArray(Property(ArchitectureProperty, package.Architecture)),
        };
    }

    private static JsonObject Property(string name, string value) => new() { ["name"] = name, ["value"] = value };

    // A UUID of version 8, RFC 9562: made of a hash, so that the bill of an image has one number.
    private static string SerialNumber(string arn)
    {
        var hex = ProofJson.Sha256(arn);
        return $"urn:uuid:{hex[..8]}-{hex[8..12]}-8{hex[13..16]}-8{hex[17..20]}-{hex[20..32]}";
    }
}
