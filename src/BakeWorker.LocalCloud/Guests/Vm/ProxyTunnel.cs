using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>The part of the proxy that only carries bytes: to HTTPS servers that machines may reach.</summary>
internal sealed class ProxyTunnel(MirrorMap map)
{
    private const int LongestRequest = 16 * 1024;
    private static readonly byte[] Connect = "CONNECT "u8.ToArray();

    /// <summary>Serves a connection that begins with <c>CONNECT</c>; every other one is the next server's.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (!await BeginsWithConnectAsync(connection.Transport.Input))
        {
            await next(connection);
            return;
        }

        var target = await ReadTargetAsync(connection.Transport.Input);
        var at = target.LastIndexOf(':');
        if (at < 0 || target[(at + 1)..] is not "443")
        {
            await AnswerAsync(connection, "400 Bad Request", "Only port 443 is tunnelled to.");
        }
        else if (!map.Allows(target[..at]))
        {
            await AnswerAsync(connection, "403 Forbidden", MirrorMap.Refusal(target[..at]));
        }
        else
        {
            await CarryAsync(connection, target[..at], connection.ConnectionClosed);
        }
    }

    private async Task CarryAsync(ConnectionContext connection, string host, CancellationToken ct)
    {
        NetworkStream server;
        try
        {
            server = await OpenAsync(host, ct);
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or IOException)
        {
            await AnswerAsync(connection, "502 Bad Gateway", $"{host} does not answer: {exception.Message}");
            return;
        }

        await using (server)
        {
            await connection.Transport.Output.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), ct);
            try
            {
                var there = connection.Transport.Input.CopyToAsync(server, ct);
                var back = server.CopyToAsync(connection.Transport.Output, ct);
                await await Task.WhenAny(there, back);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or ConnectionResetException)
            {
                // One of the two hung up, which is how tunnels end.
            }
        }
    }

    /// <summary>A connection to the server, through this machine's own proxy where it has one.</summary>
    private async Task<NetworkStream> OpenAsync(string host, CancellationToken ct)
    {
        if (map.HttpsProxy is not { } proxy)
        {
            return await map.ConnectAsync(host, 443, ct);
        }

        var stream = await map.ConnectAsync(proxy.Host, proxy.Port, ct);
        var credentials =
            proxy.UserInfo.Length > 0
                ? $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(proxy.UserInfo)))}\r\n"
                : "";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n{credentials}\r\n"), ct);
        var head = new List<byte>();
        var one = new byte[1];
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (head.Count > LongestRequest || await stream.ReadAsync(one, ct) == 0)
            {
                throw new IOException("this machine's proxy hung up");
            }

            head.Add(one[0]);
        }

        var status = Encoding.ASCII.GetString([.. head]).Split(' ', 3);
        return status.Length > 1 && status[1] == "200" ? stream : throw new IOException($"this machine's proxy answers {status[1]}");
    }

    private static async Task<bool> BeginsWithConnectAsync(PipeReader input)
    {
        while (true)
        {
            var result = await input.ReadAsync();
            var start = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, Connect.Length)).ToArray();
            var isSo = Connect.AsSpan().StartsWith(start);
            var isAll = start.Length == Connect.Length || result.IsCompleted || !isSo;
            // What was looked at stays for whoever reads it.
            input.AdvanceTo(result.Buffer.Start, isAll ? result.Buffer.Start : result.Buffer.End);
            if (isAll)
            {
                return isSo && start.Length == Connect.Length;
            }
        }
    }

    /// <summary>Reads the request to the end of its head; its second word is what it wants to reach.</summary>
    private static async Task<string> ReadTargetAsync(PipeReader input)
    {
        while (true)
        {
            var result = await input.ReadAsync();
            var reader = new SequenceReader<byte>(result.Buffer);
            if (reader.TryReadTo(out ReadOnlySequence<byte> head, "\r\n\r\n"u8))
            {
                var words = Encoding.ASCII.GetString(head).Split('\r')[0].Split(' ');
                input.AdvanceTo(reader.Position);
                return words.Length > 1 ? words[1] : "";
            }

            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted || result.Buffer.Length > LongestRequest)
            {
                return "";
            }
        }
    }

    private static async Task AnswerAsync(ConnectionContext connection, string status, string why) =>
        await connection.Transport.Output.WriteAsync(
            Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n{why}\n")
        );
}
