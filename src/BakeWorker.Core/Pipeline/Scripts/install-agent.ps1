# User data of Windows builders whose base has no SSM agent (AWS's own images have it): installs it at the first boot, once its publisher
# is proved. The machine keeps a copy of user data: no secret may ever be in here. Values the worker may fill in:
$sha256 = '@SSM_AGENT_SHA256@'
$version = '@SSM_AGENT_VERSION@'
$ErrorActionPreference = 'Stop'
if (Get-Service AmazonSSMAgent -ErrorAction SilentlyContinue) { Set-Service AmazonSSMAgent -StartupType Automatic; Start-Service AmazonSSMAgent; exit 0 }
if (-not $version -or $version -like '@*@') { $version = 'latest' }
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
$metadata = 'http://169.254.169.254/latest'
$token = Invoke-RestMethod -Method Put -Uri "$metadata/api/token" -Headers @{ 'X-aws-ec2-metadata-token-ttl-seconds' = '300' }
$region = Invoke-RestMethod -Uri "$metadata/meta-data/placement/region" -Headers @{ 'X-aws-ec2-metadata-token' = $token }
$domain = Invoke-RestMethod -Uri "$metadata/meta-data/services/domain" -Headers @{ 'X-aws-ec2-metadata-token' = $token }
$setup = Join-Path $env:SystemRoot 'Temp\AmazonSSMAgentSetup.exe'
Invoke-WebRequest -UseBasicParsing -Uri "https://s3.$region.$domain/amazon-ssm-$region/$version/windows_amd64/AmazonSSMAgentSetup.exe" -OutFile $setup
$signature = Get-AuthenticodeSignature -LiteralPath $setup
if ($signature.Status -ne 'Valid' -or $signature.SignerCertificate.Subject -notmatch '(^|, )O="?Amazon') { Remove-Item -LiteralPath $setup; throw "The SSM agent's package is not signed by Amazon ($($signature.Status))." }
if ($sha256 -and $sha256 -notlike '@*@' -and (Get-FileHash -LiteralPath $setup -Algorithm SHA256).Hash -ne $sha256) { Remove-Item -LiteralPath $setup; throw "The SSM agent's package has another digest than $sha256." }
Start-Process -FilePath $setup -ArgumentList '/S' -Wait
Remove-Item -LiteralPath $setup
Start-Service AmazonSSMAgent
