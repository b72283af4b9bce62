# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# Packages first: they change less often than code.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/BannedSymbols.txt src/
COPY src/BakeWorker.Core/*.csproj src/BakeWorker.Core/
COPY src/BakeWorker.Aws/*.csproj src/BakeWorker.Aws/
COPY src/BakeWorker.LocalCloud/*.csproj src/BakeWorker.LocalCloud/
COPY src/BakeWorker/*.csproj src/BakeWorker/
RUN dotnet restore src/BakeWorker
COPY src src
COPY recipes recipes
# CI=true checks the formatting instead of mending it.
RUN CI=true dotnet publish src/BakeWorker --no-restore --configuration Release --output /app

# No shell and no package manager: the worker needs neither. The time zones of schedules are only in the extra one.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
# Nothing is written but to /tmp, so the root file system can be read-only; a debugger's pipe would be written elsewhere.
ENV DOTNET_gcServer=0 DOTNET_EnableDiagnostics=0
VOLUME ["/tmp"]
# An answer of the worker itself, for there is no other program here to ask with.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["/app/bakeworker", "health"]
# Against AWS, with the credentials of the task or pod; settings come as BAKEWORKER__ variables.
ENTRYPOINT ["/app/bakeworker"]
CMD ["run"]
