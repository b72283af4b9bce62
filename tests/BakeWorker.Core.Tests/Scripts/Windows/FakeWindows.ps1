# Stand-ins for what the Windows scripts ask of Windows: enough to run them anywhere, and to see what they did. Only the language is real.
function Write-FakeError([string] $line) { $global:Errors.Add($line) }
function Write-FakeOutput([string] $line) { $global:Printed.Add($line) }
$global:Registry = @{}
$global:Calls = [Collections.Generic.List[string]]::new()
$global:Features = @{ SMB1Protocol = 'Enabled'; MicrosoftWindowsPowerShellV2Root = 'Enabled' }
$global:Services = @{ Spooler = 'Automatic'; wuauserv = 'Manual'; AmazonSSMAgent = 'Automatic' }
$global:Firewall = @{ Enabled = 'False'; Inbound = 'NotConfigured' }
$global:Accounts = @{ lockoutthreshold = 'Never'; lockoutduration = '30'; lockoutwindow = '30'; minpwlen = '0' }
$global:Audit = [Collections.Generic.HashSet[string]]::new()
$global:Guest = [pscustomobject]@{ SID = 'S-1-5-21-1-2-3-501'; Enabled = $true }
$global:Defender = $false

# Files are real, below the test's folder, on a system whose paths have other slashes.
function Get-RealPath([string] $path) { $path.Replace('\', '/') }
function Test-Path([string] $LiteralPath) {
  $real = Get-RealPath $LiteralPath
  $global:Registry.ContainsKey($LiteralPath) -or [IO.File]::Exists($real) -or [IO.Directory]::Exists($real)
}
# What the wildcards of paths stand for, folder by folder.
function Find-Real([string[]] $paths) {
  foreach ($path in $paths) {
    $places = @('')
    foreach ($part in (Get-RealPath $path).Split('/')) {
      $places = @(foreach ($place in $places) {
          if ($part.IndexOfAny('*?') -lt 0) { "$place$part/" }
          elseif ([IO.Directory]::Exists($place)) { foreach ($entry in [IO.Directory]::GetFileSystemEntries($place, $part)) { "$entry/" } }
        })
    }
    foreach ($place in $places) {
      $real = $place.TrimEnd('/')
      if ([IO.File]::Exists($real)) { Get-Named ([IO.FileInfo]::new($real)) } elseif ([IO.Directory]::Exists($real)) { Get-Named ([IO.DirectoryInfo]::new($real)) }
    }
  }
}
# What PowerShell says of files besides.
function Get-Named($info) {
  $info.PSObject.Properties.Add([psnoteproperty]::new('PSIsContainer', $info -is [IO.DirectoryInfo]))
  $info
}
function Get-Item {
  [CmdletBinding()] param([string[]] $Path, [string] $LiteralPath, [switch] $Force)
  if ($Path) { Find-Real $Path } else { Find-Real $LiteralPath }
}
function Get-ChildItem {
  [CmdletBinding()] param([string] $Path, [string] $LiteralPath, [switch] $Directory, [switch] $File, [switch] $Recurse, [switch] $Force)
  $folder = [IO.DirectoryInfo]::new((Get-RealPath "$Path$LiteralPath"))
  if (-not $folder.Exists) { if ($ErrorActionPreference -eq 'Stop') { throw "Cannot find path '$folder'" } else { return } }
  $which = if ($Recurse) { 'AllDirectories' } else { 'TopDirectoryOnly' }
  $found = if ($Directory) { $folder.GetDirectories('*', $which) } elseif ($File) { $folder.GetFiles('*', $which) } else { $folder.GetFileSystemInfos('*', $which) }
  foreach ($one in $found) { Get-Named $one }
}
function Set-Content([string] $LiteralPath, [string] $Encoding, [Parameter(ValueFromPipeline)] [string] $Value) { [IO.File]::WriteAllText((Get-RealPath $LiteralPath), $Value) }
function Sort-Object([string] $Property) { [Linq.Enumerable]::OrderBy([object[]] @($input), [Func[object, object]] { param($one) $one.$Property }) }
function Select-Object([int] $First) { [Linq.Enumerable]::Take([object[]] @($input), $First) }
function New-Item([string] $Path, [switch] $Force) { $global:Registry[$Path] = @{} }
function Get-ItemProperty {
  [CmdletBinding()] param([string] $LiteralPath, [string] $Name)
  if (-not $global:Registry.ContainsKey($LiteralPath)) { return }
  $values = $global:Registry[$LiteralPath]
  if ($Name -and -not $values.ContainsKey($Name)) { return }
  [pscustomobject] $values
}
function New-ItemProperty([string] $LiteralPath, [string] $Name, $Value, [string] $PropertyType, [switch] $Force) {
  if (-not $global:Registry.ContainsKey($LiteralPath)) { throw "Cannot find path '$LiteralPath'" }
  $global:Registry[$LiteralPath][$Name] = $Value
}
function Get-Value([string] $path, [string] $name) { if ($global:Registry.ContainsKey($path)) { $global:Registry[$path][$name] } }

# What DISM says of them, unless it is broken.
$global:Dism = ''
function Get-WindowsOptionalFeature {
  [CmdletBinding()] param([switch] $Online)
  if ($global:Dism) { if ($ErrorActionPreference -eq 'Stop') { throw $global:Dism } else { return } }
  foreach ($name in $global:Features.Keys) { [pscustomobject]@{ FeatureName = $name; State = $global:Features[$name] } }
}
function Disable-WindowsOptionalFeature([switch] $Online, [string] $FeatureName, [switch] $NoRestart) { $global:Features[$FeatureName] = 'DisablePending' }

function Get-Service {
  [CmdletBinding()] param([string] $Name)
  if ($global:Services.ContainsKey($Name)) { return [pscustomobject]@{ StartType = $global:Services[$Name]; Status = 'Running' } }
  if ($ErrorActionPreference -eq 'Stop') { throw "There is no service $Name" }
}
function Set-Service([string] $Name, [string] $StartupType) { $global:Services[$Name] = $StartupType }
function Start-Service([string] $Name) { $global:Calls.Add("start $Name") }
function Stop-Service { [CmdletBinding()] param([string] $Name, [switch] $Force) $global:Calls.Add("stop $Name") }

# What SMB's own configuration shows is what the registry says, by default as insecure as can be.
function Get-SmbServerConfiguration {
  $path = 'HKLM:\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters'
  [pscustomobject]@{ EnableSMB1Protocol = (Get-Value $path 'SMB1') -ne 0; RequireSecuritySignature = (Get-Value $path 'RequireSecuritySignature') -eq 1 }
}
function Set-NetFirewallProfile([switch] $All, [string] $Enabled, [string] $DefaultInboundAction, [string] $DefaultOutboundAction) {
  $global:Firewall = @{ Enabled = $Enabled; Inbound = $DefaultInboundAction }
}
function Get-NetFirewallProfile {
  foreach ($name in 'Domain', 'Private', 'Public') { [pscustomobject]@{ Name = $name; Enabled = $global:Firewall.Enabled; DefaultInboundAction = $global:Firewall.Inbound } }
}
function net.exe([string] $area) {
  $global:LASTEXITCODE = 0
  if ($args) {
    $wanted = $global:Accounts.Clone()
    foreach ($setting in $args) { $wanted[$setting.TrimStart('/').Split(':')[0]] = $setting.Split(':')[1] }
    # As Windows does: no duration without a threshold, and none below the window.
    if ("$args" -match 'duration|window' -and $wanted.lockoutthreshold -eq 'Never') { $global:LASTEXITCODE = 2; return }
    if ([int] $wanted.lockoutduration -lt [int] $wanted.lockoutwindow) { $global:LASTEXITCODE = 2; return }
    $global:Accounts = $wanted
    return
  }
  'Force user logoff how long after time expires?:       Never'
  "Minimum password length:                              $($global:Accounts.minpwlen)"
  "Lockout threshold:                                    $($global:Accounts.lockoutthreshold)"
  "Lockout duration (minutes):                           $($global:Accounts.lockoutduration)"
  "Lockout observation window (minutes):                 $($global:Accounts.lockoutwindow)"
}
function auditpol.exe([string] $verb, [string] $category) {
  $global:LASTEXITCODE = 0
  $number = $category.Split('{')[1].TrimEnd('}')
  if ($verb -eq '/set') { [void] $global:Audit.Add($number); return }
  'Machine Name,Policy Target,Subcategory,Subcategory GUID,Inclusion Setting,Exclusion Setting'
  $recorded = 'No Auditing'
  if ($global:Audit.Contains($number)) { $recorded = 'Success and Failure' }
  "EC2AMAZ,System,Something,{$number},$recorded,"
}
$global:Administrator = [pscustomobject]@{ Name = 'Verwalter'; SID = 'S-1-5-21-1-2-3-500'; Enabled = $true; Password = '' }
function Get-LocalUser { $global:Guest, $global:Administrator }
function Set-LocalUser([Parameter(ValueFromPipeline)] $InputObject, $Password) { $InputObject.Password = $Password }
function ConvertTo-SecureString([string] $String, [switch] $AsPlainText, [switch] $Force) { $String }
function Disable-LocalUser($InputObject) { $InputObject.Enabled = $false }
function Set-MpPreference($DisableRealtimeMonitoring) { $global:Defender = -not $DisableRealtimeMonitoring }
function Get-MpComputerStatus { [pscustomobject]@{ RealTimeProtectionEnabled = $global:Defender } }

# Windows Update: what it offers comes in rounds; the next is seen once everything of the one before is installed.
$global:Offers = @()
$global:SearchCode = 2
$global:History = @()
# Seconds that another installation still takes; sleeping is what passes them.
$global:Busy = 0
function Start-Sleep([int] $Seconds) { $global:Busy -= $Seconds; $global:Calls.Add("sleep $Seconds") }
$global:Restart = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired'
class FakeBehavior { [bool] $CanRequestUserInput = $false }
class FakeUpdate {
  [string] $Title; [string[]] $KBArticleIDs = @(); [bool] $BrowseOnly = $false; [bool] $EulaAccepted = $false; [FakeBehavior] $InstallationBehavior = [FakeBehavior]::new()
  [int] $Fails = 0; [int] $Lost = 0; [bool] $IsDownloaded = $false; [bool] $NeedsRestart = $false; [bool] $Installed = $false; [bool] $ForEver = $false; [bool] $OnlySays = $false
  [void] AcceptEula() { $this.EulaAccepted = $true }
}
class FakeUpdates : Collections.ArrayList { [object] Item([int] $i) { return $this[$i] } }
class FakeResult {
  [int] $ResultCode = 2; [int] $HResult = 0; [bool] $RebootRequired = $false; $Updates; $Each = [Collections.ArrayList]::new()
  [object] GetUpdateResult([int] $i) { return $this.Each[$i] }
}
class FakeWorker {
  $Updates; [bool] $Online = $false
  [object] Search([string] $what) {
    $result = [FakeResult]::new()
    $result.ResultCode = $global:SearchCode
    $result.Updates = @()
    foreach ($round in $global:Offers) {
      $open = @($round | Where-Object { -not $_.Installed })
      if ($open.Count -gt 0) { $result.Updates = $open; break }
    }
    return $result
  }
  [int] GetTotalHistoryCount() { return $global:History.Count }
  [object] QueryHistory([int] $start, [int] $count) { return $global:History }
  [object] Download() {
    $result = [FakeResult]::new()
    foreach ($update in $this.Updates) {
      if ($update.Lost -gt 0) { $update.Lost--; $result.ResultCode = 3 } else { $update.IsDownloaded = $true }
    }
    return $result
  }
  [object] Install() {
    $all = [FakeResult]::new()
    foreach ($update in $this.Updates) {
      if (-not $update.EulaAccepted) { throw 'The terms were not accepted.' }
      if (-not $update.IsDownloaded) { throw 'The files are not there.' }
      $one = [FakeResult]::new()
      if ($update.Fails -gt 0) { $update.Fails--; $one.ResultCode = 4; $one.HResult = -2145124329; $all.ResultCode = 3 }
      else { $update.Installed = -not $update.ForEver; if ($update.NeedsRestart) { $all.RebootRequired = $true; if (-not $update.OnlySays) { $global:Registry[$global:Restart] = @{} } } }
      [void] $all.Each.Add($one)
      $global:Calls.Add("install $($update.Title)")
    }
    return $all
  }
}
class FakeSession {
  [string] $ClientApplicationID
  [object] CreateUpdateSearcher() { return [FakeWorker]::new() }
  [object] CreateUpdateDownloader() { return [FakeWorker]::new() }
  [object] CreateUpdateInstaller() {
    $installer = [FakeWorker]::new()
    $installer.PSObject.Properties.Add([psscriptproperty]::new('IsBusy', { $global:Busy -gt 0 }))
    return $installer
  }
}
function New-Object([string] $ComObject) {
  switch ($ComObject) {
    'Microsoft.Update.Session' { return [FakeSession]::new() }
    'Microsoft.Update.UpdateColl' { return , [FakeUpdates]::new() }
  }
  throw "There is no class $ComObject"
}

# The network: what a package is signed with and what it digests to are the test's to say.
$global:Signature = @{ Status = 'Valid'; Subject = 'CN=Amazon Web Services, O="Amazon Web Services, Inc.", C=US' }
$global:Digest = 'AB' * 32
function Invoke-RestMethod([string] $Method, [string] $Uri, $Headers) { switch -Wildcard ($Uri) { '*/token' { 'token' } '*/region' { 'eu-west-1' } '*/domain' { 'amazonaws.com' } } }
function Get-AuthenticodeSignature([string] $LiteralPath) {
  [pscustomobject]@{ Status = $global:Signature.Status; SignerCertificate = [pscustomobject]@{ Subject = $global:Signature.Subject } }
}
function Get-FileHash([string] $LiteralPath, [string] $Algorithm) { [pscustomobject]@{ Hash = $global:Digest } }
function Start-Process([string] $FilePath, $ArgumentList, [switch] $Wait, [switch] $PassThru) {
  $global:Calls.Add("$FilePath $($ArgumentList -join ' ')")
  $global:Services['AmazonCloudWatchAgent'] = 'Automatic'
  [pscustomobject]@{ ExitCode = 0 }
}
# What a name of this list ends with, somebody holds open.
$global:Held = @()
function Remove-Item {
  [CmdletBinding()] param([Parameter(Position = 0)] [string[]] $Path, [string] $LiteralPath, [switch] $Force, [switch] $Recurse)
  $all = @($LiteralPath | Where-Object { $_ }) + @(Find-Real $Path | ForEach-Object { $_.FullName })
  foreach ($one in $all) {
    $global:Calls.Add("remove $one")
    $real = Get-RealPath $one
    foreach ($name in $global:Held) { if ($real.EndsWith($name)) { throw "$real is used by another process" } }
    if ([IO.Directory]::Exists($real)) { [IO.Directory]::Delete($real, $true) } elseif ([IO.File]::Exists($real)) { [IO.File]::Delete($real) }
  }
}

# Tasks, and what the seal asks of Windows besides.
$global:Tasks = @{}
$global:SysprepCode = 0
function New-ScheduledTaskAction([string] $Execute, [string] $Argument) { "$Execute $Argument" }
function Register-ScheduledTask([string] $TaskName, $Action, [string] $User, [string] $Password, [string] $RunLevel, [switch] $Force) {
  if ($Password -ne $global:Administrator.Password) { throw 'The user name or password is incorrect.' }
  $global:Tasks[$TaskName] = "$User $Action"
}
function Start-ScheduledTask([string] $TaskName) { if (-not $global:Tasks.ContainsKey($TaskName)) { throw "There is no task $TaskName" }; $global:Calls.Add("start task $TaskName") }
function Unregister-ScheduledTask {
  [CmdletBinding(SupportsShouldProcess)] param([string] $TaskName)
  if (-not $global:Tasks.ContainsKey($TaskName)) { if ($ErrorActionPreference -eq 'Stop') { throw "There is no task $TaskName" } }
  $global:Tasks.Remove($TaskName)
}
function wevtutil.exe([string] $verb, [string] $log) { if ($verb -eq 'el') { 'Security', 'System' } else { $global:Calls.Add("clear $log") } }
function EC2Launch.exe { $global:LASTEXITCODE = $global:SysprepCode; $global:Calls.Add("EC2Launch $args") }
function cmdkey.exe { 'Currently stored credentials:' }

# A machine as it should be after its first boot.
$global:Licensed = 1
$global:Peers = 'Peer: 169.254.169.123,0x9'
$global:Volume = @{ Size = 50GB; FreeSpace = 20GB; Disk = 50GB }
$global:Metadata = 401
$global:Registry['HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'] = @{ CurrentBuild = '20348'; UBR = 4171 }
$global:Registry['HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State'] = @{ ImageState = 'IMAGE_STATE_COMPLETE' }
function Get-CimInstance([string] $ClassName, [string] $Filter) {
  switch ($ClassName) {
    'Win32_OperatingSystem' { [pscustomobject]@{ LastBootUpTime = [DateTime]::UtcNow } }
    'SoftwareLicensingProduct' { [pscustomobject]@{ LicenseStatus = $global:Licensed } }
    'Win32_LogicalDisk' { [pscustomobject]@{ Size = $global:Volume.Size; FreeSpace = $global:Volume.FreeSpace } }
  }
}
function Get-Partition([string] $DriveLetter) { [pscustomobject]@{ DiskNumber = 0 } }
function Get-Disk([int] $Number) { [pscustomobject]@{ Size = $global:Volume.Disk } }
function w32tm.exe { $global:Peers }
class FakeAnswer : Exception { $Response; FakeAnswer([int] $code) : base("The remote server returned an error: ($code).") { $this.Response = [pscustomobject]@{ StatusCode = $code } } }
function Invoke-WebRequest([switch] $UseBasicParsing, [string] $Uri, [string] $OutFile, [int] $TimeoutSec) {
  $global:Calls.Add("get $Uri")
  if ($Uri -like '*/meta-data/' -and $global:Metadata -ne 200) { throw [FakeAnswer]::new($global:Metadata) }
  if ($OutFile) { [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($OutFile)) | Out-Null; [IO.File]::WriteAllText($OutFile, 'a package') }
}
