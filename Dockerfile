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

# No shell and no package manager: the worker needs neither.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
ENV DOTNET_gcServer=0
# Against AWS, with the credentials of the task or pod; settings come as BAKEWORKER__ variables.
ENTRYPOINT ["./bakeworker"]
CMD ["run"]
