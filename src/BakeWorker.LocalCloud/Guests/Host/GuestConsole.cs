using System.Text;

namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>What a guest's console showed since its first boot; of a flood the end is kept.</summary>
internal sealed class GuestConsole
{
    private const int Limit = 1 << 20;
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();

    public void WriteLine(string line) => Write(line + "\n");

    public void Write(string text)
    {
        lock (_lock)
        {
            _text.Append(text);
            if (_text.Length > Limit)
            {
                _text.Remove(0, _text.Length - (Limit / 2));
            }
        }
    }

    public string Read()
    {
        lock (_lock)
        {
            return _text.ToString();
        }
    }

    /// <summary>Shows everything that arrives, until the other side closes.</summary>
    public async Task ShowAsync(TextReader reader)
    {
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is > 0 and var count)
        {
            Write(new string(buffer, 0, count));
        }
    }
}
