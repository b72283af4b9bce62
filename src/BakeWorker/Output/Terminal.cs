using Spectre.Console;

namespace BakeWorker.Output;

/// <summary>Standard output and standard error. Answers go to the one, everything else to the other.</summary>
public sealed class Terminal(TextWriter output, TextWriter error)
{
    private const int NoWrap = 4000;

    public TextWriter Output => output;
    public TextWriter Error => error;

    /// <summary>A person reads both streams on a screen that can be redrawn.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Answers may be coloured.</summary>
    public bool HasColor { get; init; }
    public int Width { get; init; } = 100;

    /// <summary>Decides by what the streams are, <c>NO_COLOR</c> and <c>TERM</c>.</summary>
    public static Terminal For(
        TextWriter output,
        TextWriter error,
        bool isOutputScreen,
        bool isErrorScreen,
        IReadOnlyDictionary<string, string> environment,
        int width
    )
    {
        var isPlain = environment.GetValueOrDefault("NO_COLOR") is { Length: > 0 } || environment.GetValueOrDefault("TERM") == "dumb";
        return new Terminal(output, error)
        {
            HasColor = isOutputScreen && !isPlain,
            IsInteractive = isOutputScreen && isErrorScreen && !isPlain,
            Width = width,
        };
    }

    /// <summary>Answers, for a person.</summary>
    public IAnsiConsole Answers => field ??= Create(output, HasColor);

    /// <summary>Progress, for a person.</summary>
    public IAnsiConsole Progress => field ??= Create(error, IsInteractive);

    /// <summary>One line of standard error: a mistake, a warning, a sign of life.</summary>
    public void Say(string line)
    {
        if (IsInteractive)
        {
            // A live display on the same console makes room for it.
            Progress.WriteLine(line);
            return;
        }

        lock (error)
        {
            error.WriteLine(line);
            error.Flush();
        }
    }

    private IAnsiConsole Create(TextWriter writer, bool ansi)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = ansi ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = ansi ? InteractionSupport.Yes : InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        // Lines that a program reads must not be folded to the width of a screen that is not there.
        console.Profile.Width = ansi ? Math.Max(Width, 40) : NoWrap;
        return console;
    }
}
