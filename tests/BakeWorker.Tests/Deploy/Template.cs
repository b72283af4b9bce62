using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BakeWorker.Testing;
using YamlDotNet.RepresentationModel;

namespace BakeWorker.Tests.Deploy;

/// <summary>
/// The CloudFormation template for one account, Region and set of parameters: every function is carried out, and what refers to nothing is an error.
/// </summary>
internal sealed partial class Template
{
    public const string Account = "111122223333";
    public const string Region = "eu-central-1";

    // What the template may ask of a resource besides its properties.
    private static readonly Dictionary<string, string> Arns = new()
    {
        ["AWS::Events::Rule"] = $"arn:aws:events:{Region}:{Account}:rule/",
        ["AWS::IAM::Role"] = $"arn:aws:iam::{Account}:role/",
        ["AWS::KMS::Key"] = $"arn:aws:kms:{Region}:{Account}:key/",
        ["AWS::S3::Bucket"] = "arn:aws:s3:::",
        ["AWS::SQS::Queue"] = $"arn:aws:sqs:{Region}:{Account}:",
    };

    private readonly YamlMappingNode _root;
    private readonly Dictionary<string, string> _given;

    public Template(params IReadOnlyList<(string Name, string Value)> parameters)
    {
        var stream = new YamlStream();
        using var text = File.OpenText(Checkout.File("deploy/cloudformation/bakeworker.yaml"));
        stream.Load(text);
        _root = (YamlMappingNode)stream.Documents[0].RootNode;
        _given = parameters.ToDictionary(one => one.Name, one => one.Value);
    }

    /// <summary>Every resource that these parameters make, by its logical name.</summary>
    public IReadOnlyDictionary<string, JsonObject> Resources =>
        Section("Resources")
            .Children.Select(child => ((YamlScalarNode)child.Key).Value!)
            .Where(IsMade)
            .ToDictionary(name => name, name => (JsonObject)Evaluate(Section("Resources")[name])!);

    public JsonObject Outputs => (JsonObject)Evaluate(Section("Outputs"))!;

    public JsonObject Properties(string resource) => (JsonObject)Resources[resource]["Properties"]!;

    public IEnumerable<JsonObject> OfType(string type) =>
        Resources.Values.Where(resource => (string?)resource["Type"] == type).Select(resource => (JsonObject)resource["Properties"]!);

    private YamlMappingNode Section(string name) => (YamlMappingNode)_root[name];

    private bool IsMade(string resource) =>
        ((YamlMappingNode)Section("Resources")[resource]).Children.TryGetValue("Condition", out var condition) is false
        || IsTrue(((YamlScalarNode)condition!).Value!);

    private bool IsTrue(string condition) => Text(Evaluate(Section("Conditions")[condition])) == "true";

    private JsonNode? Evaluate(YamlNode node) =>
        !node.Tag.IsEmpty && node.Tag.Value.StartsWith('!')
            ? Call(node.Tag.Value[1..], node)
            : node switch
            {
                YamlMappingNode map => new JsonObject(
                    map.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, Evaluate(child.Value)))
                        .Where(child => child.Value is not null)
                ),
                YamlSequenceNode list => new JsonArray([.. list.Children.Select(Evaluate).Where(item => item is not null)]),
                _ => JsonValue.Create(((YamlScalarNode)node).Value ?? ""),
            };

    private JsonNode? Call(string function, YamlNode node)
    {
        YamlNode[] arguments = node is YamlSequenceNode list ? [.. list.Children] : [node];
        return function switch
        {
            "Ref" => Reference(Scalar(node)),
            "GetAtt" => Attribute(Scalar(node)),
            "Sub" => JsonValue.Create(Places().Replace(Scalar(node), place => Text(Named(place.Groups["name"].Value)))),
            "If" => Evaluate(arguments[IsTrue(Scalar(arguments[0])) ? 1 : 2]),
            "Equals" => JsonValue.Create(Text(Evaluate(arguments[0])) == Text(Evaluate(arguments[1])) ? "true" : "false"),
            "Not" => JsonValue.Create(Text(Evaluate(arguments[0])) == "true" ? "false" : "true"),
            "Join" => JsonValue.Create(string.Join(Scalar(arguments[0]), Evaluate(arguments[1])!.AsArray().Select(Text))),
            "Select" => Evaluate(arguments[1])!.AsArray()[int.Parse(Scalar(arguments[0]), null)]!.DeepClone(),
            // Which they are, only AWS knows; that there are enough of them, the template says itself.
            "GetAZs" => new JsonArray($"{Region}a", $"{Region}b"),
            "Cidr" => new JsonArray([
                .. Enumerable
                    .Range(0, int.Parse(Scalar(arguments[1]), null))
                    .Select(number => (JsonNode)$"{Text(Evaluate(arguments[0]))}#{number}"),
            ]),
            _ => throw new InvalidOperationException($"!{function} is not known here."),
        };
    }

    private JsonNode? Named(string name) => name.Contains('.') ? Attribute(name) : Reference(name);

    private JsonNode? Reference(string name)
    {
        switch (name)
        {
            case "AWS::NoValue":
                return null;
            case "AWS::AccountId":
                return Account;
            case "AWS::Region":
                return Region;
        }

        if (Section("Parameters").Children.TryGetValue(name, out var parameter))
        {
            var value = _given.TryGetValue(name, out var given) ? given : Default((YamlMappingNode)parameter, name);
            return Scalar(parameter["Type"]) == "CommaDelimitedList"
                ? new JsonArray([.. value.Split(',').Select(item => (JsonNode)item)])
                : JsonValue.Create(value);
        }

        return Require(name);
    }

    private static string Default(YamlMappingNode parameter, string name) =>
        parameter.Children.TryGetValue("Default", out var value)
            ? Scalar(value)
            : throw new InvalidOperationException($"Parameter {name} has no default; give it.");

    private JsonNode Attribute(string path)
    {
        var (resource, attribute) = (path.Split('.')[0], path.Split('.')[1]);
        var body = (YamlMappingNode)Section("Resources")[Require(resource)];
        var type = Scalar(body["Type"]);
        var properties = body.Children.TryGetValue("Properties", out var found) ? (YamlMappingNode)found : new YamlMappingNode();
        return (type, attribute) switch
        {
            (_, "Arn") when Arns.TryGetValue(type, out var arn) =>
                $"{arn}{(type == "AWS::SQS::Queue" ? Text(Attribute($"{resource}.QueueName")) : resource)}",
            ("AWS::SQS::Queue", "QueueName") or ("AWS::EC2::VPC", "CidrBlock") => Evaluate(properties[attribute])!,
            ("AWS::EC2::EIP", "AllocationId") or ("AWS::ECS::Service", "Name") => $"{resource}.{attribute}",
            _ => throw new InvalidOperationException($"{resource} is a {type} and has no {attribute}."),
        };
    }

    private string Require(string resource) =>
        Section("Resources").Children.ContainsKey(resource) && IsMade(resource)
            ? resource
            : throw new InvalidOperationException($"There is no parameter or resource {resource}.");

    private static string Scalar(YamlNode node) => ((YamlScalarNode)node).Value ?? "";

    private static string Text(JsonNode? node) => (string)node!;

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z0-9:.]+)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Places();
}
