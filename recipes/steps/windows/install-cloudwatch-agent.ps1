# windows/install-cloudwatch-agent - the CloudWatch agent from AWS, once its publisher is proved. It starts at boot when it has a configuration.
#
# Comes from AWS's bucket in the instance's Region; installed only when Windows vouches for Amazon's signature on it, and when it has the
# digest that the recipe names, where one is given. Safe to run again.
#
# Environment (all optional):
#   AGENT_VERSION   which one, as AWS's folders are called; default `latest`
#   AGENT_SHA256    digest of the package, for a version that is pinned
#   AGENT_CONFIG    the agent's configuration, as JSON; default: none, and the agent stays off
#
# Prints one line of JSON. Exit codes: 0 installed, 1 failed or not proved, 2 a value that cannot be used.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
function Stop-Install([int] $code, [string] $why) {
  [Console]::Error.WriteLine("install-cloudwatch-agent: $why")
  exit $code
}

$version = 'latest'
if ($env:AGENT_VERSION) { $version = $env:AGENT_VERSION }
if ($version -notmatch '^[A-Za-z0-9.-]+$') { Stop-Install 2 'AGENT_VERSION must be a version such as 1.300049.1, or latest' }
if ($env:AGENT_SHA256 -and $env:AGENT_SHA256 -notmatch '^[0-9a-f]{64}$') { Stop-Install 2 'AGENT_SHA256 must be a digest in lower-case hex' }

if (-not (Get-Service -Name AmazonCloudWatchAgent -ErrorAction SilentlyContinue)) {
  [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
  $metadata = 'http://169.254.169.254/latest'
  $token = Invoke-RestMethod -Method Put -Uri "$metadata/api/token" -Headers @{ 'X-aws-ec2-metadata-token-ttl-seconds' = '300' }
  $headers = @{ 'X-aws-ec2-metadata-token' = $token }
  $region = Invoke-RestMethod -Uri "$metadata/meta-data/placement/region" -Headers $headers
  $domain = Invoke-RestMethod -Uri "$metadata/meta-data/services/domain" -Headers $headers
  $package = [IO.Path]::Combine($env:SystemRoot, 'Temp', 'amazon-cloudwatch-agent.msi')
  $source = "https://amazoncloudwatch-agent-$region.s3.$region.$domain/windows/amd64/$version/amazon-cloudwatch-agent.msi"
  Invoke-WebRequest -UseBasicParsing -Uri $source -OutFile $package
  try {
    $signature = Get-AuthenticodeSignature -LiteralPath $package
    if ("$($signature.Status)" -ne 'Valid' -or $signature.SignerCertificate.Subject -notmatch '(^|, )O="?Amazon') {
      Stop-Install 1 "the package is not signed by Amazon ($($signature.Status))"
    }
    if ($env:AGENT_SHA256 -and (Get-FileHash -LiteralPath $package -Algorithm SHA256).Hash -ne $env:AGENT_SHA256) {
      Stop-Install 1 "the package has another digest than $env:AGENT_SHA256"
    }
    $setup = Start-Process -FilePath msiexec.exe -ArgumentList '/i', "`"$package`"", '/qn', '/norestart' -Wait -PassThru
    if ($setup.ExitCode -notin 0, 3010) { Stop-Install 1 "msiexec ended with exit code $($setup.ExitCode)" }
  } finally {
    Remove-Item -LiteralPath $package -Force
  }
}

$start = 'Manual'
if ($env:AGENT_CONFIG) {
  # Read and translated at every start of the service.
  $folder = [IO.Path]::Combine($env:ProgramData, 'Amazon', 'AmazonCloudWatchAgent')
  [void] [IO.Directory]::CreateDirectory($folder)
  [IO.File]::WriteAllText([IO.Path]::Combine($folder, 'amazon-cloudwatch-agent.json'), $env:AGENT_CONFIG)
  $start = 'Automatic'
}
Set-Service -Name AmazonCloudWatchAgent -StartupType $start
"{`"step`":`"install-cloudwatch-agent`",`"version`":`"$version`",`"starts`":`"$start`"}"
exit 0
