# What both sweeps share on Windows: the search for credentials that must not be in an image, and the form of a finding.
#
# The first line says how many findings there are and how many were allowed; each further line is one: rule, path and a masked hint,
# separated by tabs. A hint never holds more than the public prefix of a secret.
#   ALLOWED accepted findings, one a line: a rule, a space, and a pattern of paths with * and ?
#   SINCE   files changed at or after this second since 1970 are searched for keys and tokens (default: the first trace of the bake here)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2
$found = [Collections.Generic.List[string]]::new()
$known = @{}

# Whatever goes wrong is an error of the search and never a pass.
trap {
  [Console]::Error.WriteLine("sweep: $_")
  exit 1
}

function Add-Finding([string] $rule, [string] $path, [string] $hint) {
  $shown = $path -replace '[\x00-\x1f]', '?'
  if ($known.ContainsKey("$rule|$shown")) { return }
  $known["$rule|$shown"] = $true
  $found.Add("$rule`t$shown`t$hint")
}

# Files that must not exist with anything in them.
function Find-Forbidden([string] $rule, [string[]] $patterns) {
  foreach ($file in Get-Item -Path $patterns -Force -ErrorAction SilentlyContinue) {
    if (-not $file.PSIsContainer -and $file.Length -gt 0) { Add-Finding $rule $file.FullName "a file of $($file.Length) bytes" }
  }
}

# Files that must not hold the pattern, which may go over several lines.
function Find-Holding([string] $rule, [string] $what, [string] $pattern, [string[]] $patterns) {
  foreach ($file in Get-Item -Path $patterns -Force -ErrorAction SilentlyContinue) {
    if (-not $file.PSIsContainer -and [regex]::IsMatch([IO.File]::ReadAllText($file.FullName), $pattern, 'IgnoreCase, Multiline')) { Add-Finding $rule $file.FullName $what }
  }
}

function Get-BootTime { (Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToUniversalTime() }

# When the bake began here: the oldest file of ours. A machine that restarted since would otherwise hide what was written before.
function Get-Since {
  if ($env:SINCE) { return ([DateTime] '1970-01-01').AddSeconds([long] $env:SINCE) }
  $since = Get-BootTime
  $ours = Get-ChildItem -Path "$env:ProgramData\bakeworker" -Recurse -Force -File -ErrorAction SilentlyContinue | Sort-Object CreationTimeUtc | Select-Object -First 1
  if ($ours -and $ours.CreationTimeUtc -lt $since) { $since = $ours.CreationTimeUtc }
  $since
}

function Find-KnownPlaces {
  # Users, and the system's own profile, in which steps run.
  $homes = @("$env:SystemDrive\Users\*", "$env:SystemRoot\System32\config\systemprofile", "$env:SystemRoot\ServiceProfiles\*")
  foreach ($profile in $homes) {
    Find-Forbidden 'aws-credentials' @("$profile\.aws\credentials", "$profile\.aws\cli\cache\*", "$profile\.aws\sso\cache\*")
    Find-Holding 'aws-credentials' 'a key or a way to get one' '^\s*(aws_secret_access_key|aws_session_token|credential_process)' @("$profile\.aws\config")
    Find-Forbidden 'azure-credentials' @("$profile\.azure\accessTokens.json", "$profile\.azure\msal_token_cache.*", "$profile\.azure\service_principal_entries.*")
    Find-Forbidden 'gcloud-credentials' @("$profile\AppData\Roaming\gcloud\credentials.db", "$profile\AppData\Roaming\gcloud\application_default_credentials.json")
    Find-Forbidden 'kubeconfig' @("$profile\.kube\config")
    Find-Holding 'docker-auth' 'a registry login' '"(auth|identitytoken|password)"\s*:\s*"[^"]' @("$profile\.docker\config.json")
    Find-Forbidden 'netrc' @("$profile\.netrc", "$profile\_netrc")
    Find-Forbidden 'git-credentials' @("$profile\.git-credentials", "$profile\.config\git\credentials")
    Find-Holding 'git-credentials' 'a token in a URL or a header' '(://[^/@\s]+:[^/@\s]+@|extraheader.*authorization)' @("$profile\.gitconfig")
    Find-Forbidden 'gh-token' @("$profile\AppData\Roaming\GitHub CLI\hosts.yml")
    Find-Holding 'npmrc' 'a registry token' '(_authToken|_auth|_password)[ \t]*=[ \t]*[^$\s]' @("$profile\.npmrc")
    Find-Holding 'nuget-config' 'a feed password' '<add[^>]*key="(ClearTextPassword|Password)"' @("$profile\AppData\Roaming\NuGet\NuGet.Config")
    Find-Forbidden 'terraform-token' @("$profile\AppData\Roaming\terraform.d\credentials.tfrc.json")
    Find-Forbidden 'vault-token' @("$profile\.vault-token")
    Find-Forbidden 'database-password' @("$profile\AppData\Roaming\postgresql\pgpass.conf")
    Find-Holding 'ssh-private-key' 'a private key' '^-----BEGIN [A-Z0-9 ]*PRIVATE KEY' @("$profile\.ssh\*")
    Find-Forbidden 'history' @("$profile\AppData\Roaming\Microsoft\Windows\PowerShell\PSReadLine\*_history.txt")
  }
  # Setup replaces passwords in the answer files it has used; one that still holds a value was put there.
  $password = '<(Password|AdministratorPassword)>\s*(<Value>)?\s*(?!\*SENSITIVE\*DATA\*DELETED\*)[^<\s]'
  Find-Holding 'unattend-password' 'a password' $password @("$env:SystemRoot\Panther\*.xml", "$env:SystemRoot\Panther\Unattend\*.xml", "$env:SystemRoot\System32\Sysprep\*.xml", "$env:SystemDrive\unattend.xml", "$env:SystemDrive\autounattend.xml")
  Find-Holding 'group-policy-password' 'a password' 'cpassword="[^"]+"' @("$env:ProgramData\Microsoft\Group Policy\History\*\*\*\*\*.xml")
  $logon = Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon'
  if ($logon.PSObject.Properties['DefaultPassword'] -and $logon.DefaultPassword) { Add-Finding 'autologon-password' 'HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon' 'DefaultPassword is set' }
  foreach ($line in & "$env:SystemRoot\System32\cmdkey.exe" /list) {
    if ($line -match 'target=(?<target>.+)$' -and $Matches.target -notmatch '^(virtualapp|SSO_POP)') { Add-Finding 'stored-credential' $Matches.target.Trim() 'in the credential manager of SYSTEM' }
  }
}

# Shapes that one issuer gives out and nothing else has.
$tokens = [ordered] @{
  'private-key'       = '(?m)^-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----\r?\n([A-Za-z0-9+/=:, -]+\r?\n){1,}-----END '
  'aws-access-key'    = '(?<![A-Za-z0-9])(AKIA|ASIA|ABIA|ACCA)(?![A-Z2-7]*EXAMPLE)[A-Z2-7]{16}(?![A-Za-z0-9])'
  'github-token'      = 'gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{82}'
  'gitlab-token'      = 'gl(pat|rt|dt|ptt|soat)-[A-Za-z0-9_-]{20}'
  'slack-token'       = 'xox[abposr]-[0-9A-Za-z-]{20}'
  'google-api-key'    = 'AIza[A-Za-z0-9_-]{35}'
  'stripe-key'        = '(sk|rk)_(live|prod)_[A-Za-z0-9]{20}'
  'npm-token'         = 'npm_[A-Za-z0-9]{36}'
  'vault-token'       = 'hvs\.[A-Za-z0-9_-]{90}'
  'anthropic-key'     = 'sk-ant-(api|admin)[0-9]{2}-[A-Za-z0-9_-]{80}'
  'huggingface-token' = '(?<![A-Za-z0-9])hf_[A-Za-z]{34}'
}

# Windows' and Amazon's own directories change at every boot, and ours are wiped by the seal; but steps run in a home and write to a folder that
# are within Windows. What only links to another place is searched there.
function Get-SearchedFiles {
  $places = [ordered] @{
    "$env:SystemDrive\"   = 'Windows', 'Program Files', 'ProgramData', 'System Volume Information', '$Recycle.Bin', 'Documents and Settings'
    "$env:ProgramFiles\"  = @('WindowsApps')
    "$env:ProgramData\"   = 'Amazon', 'bakeworker', 'Microsoft', 'Package Cache'
    "$env:SystemRoot\Temp\" = @()
    "$env:SystemRoot\System32\config\systemprofile\" = @()
    "$env:SystemRoot\ServiceProfiles\" = @()
  }
  foreach ($place in $places.Keys) {
    foreach ($item in Get-ChildItem -LiteralPath $place -Force -ErrorAction SilentlyContinue) {
      if ($places[$place] -contains $item.Name -or ($item.Attributes -band [IO.FileAttributes]::ReparsePoint)) { continue }
      if ($item.PSIsContainer) { Get-ChildItem -LiteralPath $item.FullName -Recurse -Force -File -ErrorAction SilentlyContinue } else { $item }
    }
  }
}

function Find-Tokens([DateTime] $since) {
  foreach ($file in Get-SearchedFiles) {
    if ($file.Length -eq 0 -or $file.Length -gt 1MB) { continue }
    if ($file.LastWriteTimeUtc -lt $since -and $file.CreationTimeUtc -lt $since) { continue }
    if ($file.Extension -in '.pfx', '.p12', '.ppk', '.kdbx') { Add-Finding 'key-store' $file.FullName "a file of $($file.Length) bytes"; continue }
    if ($file.Name -like '*.tfstate*') { Add-Finding 'terraform-state' $file.FullName "a file of $($file.Length) bytes"; continue }
    try { $text = [IO.File]::ReadAllText($file.FullName) } catch [IO.IOException] { continue } # held by a running program
    foreach ($rule in $tokens.Keys) {
      if ($text -cmatch $tokens[$rule]) {
        $hint = if ($rule -eq 'private-key') { 'a private key' } else { '{0}... ({1} characters)' -f $Matches[0].Substring(0, 4), $Matches[0].Length }
        Add-Finding $rule $file.FullName $hint
      }
    }
  }
}

function Find-Secrets {
  Find-KnownPlaces
  Find-Tokens (Get-Since)
}

function Test-Allowed([string] $finding) {
  $rule, $path, $null = $finding -split "`t"
  foreach ($line in "$env:ALLOWED" -split "`n") {
    $allowed, $pattern = $line -split ' ', 2
    if ($pattern -and $allowed -eq $rule -and $path -like $pattern.Replace('[', '`[')) { return $true }
  }
  $false
}

# As many lines as SSM shows of a command's output.
function Complete-Sweep {
  $denied = @($found | Where-Object { -not (Test-Allowed $_) })
  [Console]::Out.WriteLine("sweep`t$($denied.Count) findings`t$($found.Count - $denied.Count) allowed")
  $size = 0
  for ($i = 0; $i -lt $denied.Count; $i++) {
    $line = if ($denied[$i].Length -gt 400) { $denied[$i].Substring(0, 400) } else { $denied[$i] }
    $size += $line.Length + 2
    if ($size -gt 17000) { [Console]::Out.WriteLine("truncated`t-`t$($denied.Count - $i) more findings"); break }
    [Console]::Out.WriteLine($line)
  }
  if ($denied.Count -gt 0) { exit 20 }
  exit 0
}
