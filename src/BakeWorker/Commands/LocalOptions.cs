using System.CommandLine;
using System.Globalization;
using BakeWorker.Embedded;

namespace BakeWorker.Commands;

/// <summary>Options of commands that hold an embedded LocalCloud.</summary>
internal sealed class LocalOptions
{
    private readonly Option<string?> _guest = new("--guest")
    {
        Description =
            "What instances are: 'sandbox' runs every step in Linux namespaces, 'vm' in virtual machines, 'scripted' only pretends "
            + "(default: sandbox where it can be had)",
        HelpName = "sandbox|vm|scripted",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "Where images and pointers are kept (default: BakeWorker:Data, else bakeworker in the user's data folder)",
        HelpName = "FOLDER",
    };

    private readonly Option<string?> _advisories = new("--advisories")
    {
        Description = "Advisories in OSV format for the scan, a file or a folder, instead of the bundled ones",
        HelpName = "PATH",
    };

    private readonly Option<double> _speed;

    public LocalOptions(double defaultSpeed)
    {
        _speed = new Option<double>("--speed")
        {
            Description = "AWS's own delays are divided by this; 1 is AWS's pace",
            HelpName = "FACTOR",
            DefaultValueFactory = _ => defaultSpeed,
        };
        _speed.Validators.Add(result =>
        {
            // What is no number at all is the parser's to refuse.
            if (
                result.Tokens is [var token]
                && double.TryParse(token.Value, CultureInfo.InvariantCulture, out var factor)
                && factor is not (>= 0.1 and <= 10_000)
            )
            {
                result.AddError($"--speed is {token.Value}; give 0.1 to 10000.");
            }
        });
        _guest.AcceptOnlyFromAmong(GuestChoice.Sandbox, GuestChoice.Vm, GuestChoice.Scripted);
    }

    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)[_guest, _speed, _data, _advisories])
        {
            command.Add(option);
        }
    }

    public LocalArguments Read(ParseResult parsed) =>
        new(parsed.GetValue(_guest), parsed.GetValue(_speed), parsed.GetValue(_data), parsed.GetValue(_advisories));
}

/// <summary>What <see cref="LocalOptions"/> were given.</summary>
internal sealed record LocalArguments(string? Guest, double Speed, string? Data, string? Advisories)
{
    public EmbeddedOptions ToOptions() => new(Guest, Speed) { Advisories = Advisories };
}
