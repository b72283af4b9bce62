using BakeWorker.Core.Cloud;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.Aws;

/// <summary>Puts the account behind the ports of the domain.</summary>
public static class AwsRegistration
{
    /// <summary>
    /// Registers <see cref="AwsCloud"/>, <see cref="ICloud"/>, <see cref="IBakeQueue"/> and <see cref="IQueues"/>. Time comes from a registered
    /// <see cref="TimeProvider"/>; a <paramref name="handler"/> replaces the network.
    /// </summary>
    public static IServiceCollection AddBakeWorkerAws(
        this IServiceCollection services,
        AwsOptions options,
        HttpMessageHandler? handler = null
    )
    {
        services.AddSingleton(provider => AwsCloud.Create(options, provider.GetService<TimeProvider>() ?? TimeProvider.System, handler));
        services.AddSingleton<ICloud>(provider => provider.GetRequiredService<AwsCloud>());
        services.AddSingleton(provider => provider.GetRequiredService<AwsCloud>().Queue);
        services.AddSingleton(provider => provider.GetRequiredService<AwsCloud>().Queues);
        return services;
    }
}
