using BakeWorker.Simulation.Schedules;

namespace BakeWorker.Simulation.Workers;

/// <summary>A worker that is started anew whenever its process has ended, until it is told to stop for good.</summary>
internal sealed class Worker
{
    private readonly string _name;
    private readonly SimulatedWorld _world;
    private readonly Queue<Trouble> _troubles;
    private readonly Dice _dice;
    private Func<Task> _stopLife = () => Task.CompletedTask;
    private int _calls;
    private int _lives;
    private bool _isLast;

    public Worker(int number, SimulatedWorld world)
    {
        (_name, _world) = ($"worker-{number}", world);
        _troubles = new Queue<Trouble>(world.Schedule.Workers[number]);
        _dice = new Dice(world.Schedule.Seed, _name);
    }

    /// <summary>Process after process; ends when the last one has stopped gracefully.</summary>
    public async Task RunAsync()
    {
        while (!_isLast)
        {
            var pause = await LiveAsync();
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, _world.Time);
            }
        }
    }

    /// <summary>A last SIGTERM; afterwards no process is started any more.</summary>
    public Task StopAsync()
    {
        _isLast = true;
        _troubles.Clear();
        return _stopLife();
    }

    private async Task<TimeSpan> LiveAsync()
    {
        var (down, died) = (TimeSpan.Zero, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        WorkerLife life = null!;
        life = new WorkerLife($"{_name}.{++_lives}", _world, NextTrouble, Strike, _dice);
        _world.Tell($"{_name}.{_lives} starts");
        _stopLife = life.StopAsync;
        var stopped = life.RunAsync();
        await await Task.WhenAny(stopped, died.Task);
        _stopLife = () => Task.CompletedTask;
        if (stopped.IsCompleted)
        {
            await life.DisposeAsync();
        }

        return down;

        void Strike(Trouble trouble)
        {
            _world.Report.Struck(trouble.Kind);
            _world.Tell($"{_name}.{_lives} {trouble.Kind} at call {_calls} for {trouble.Lasts:mm\\:ss}");
            switch (trouble.Kind)
            {
                case TroubleKind.Crash:
                    down = trouble.Lasts;
                    life.Clock.Die();
                    died.TrySetResult();
                    break;
                case TroubleKind.Pause:
                    life.Clock.Freeze(trouble.Lasts);
                    break;
                default:
                    down = trouble.Lasts;
                    _ = life.StopAsync();
                    break;
            }
        }
    }

    private Trouble? NextTrouble() => _troubles.TryPeek(out var next) && ++_calls >= next.AtCall ? _troubles.Dequeue() : null;
}
