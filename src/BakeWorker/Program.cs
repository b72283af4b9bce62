using BakeWorker;
using BakeWorker.Hosting;

using var signals = new Signals();
return await Cli.RunAsync(args, ProcessShell.Open(), signals.Stop);
