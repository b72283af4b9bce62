# Run by the worker on an instance of the image in use: which updates Windows Update would find in it now.
#
# Environment: PATCH_SKIP (optional), numbers of articles that the image's patch step leaves out, as windows/patch takes them. What that step
# never installs (previews, optional ones, those that ask a person) is not counted either.
#
# Prints "updates: N", then the first of them, one a line. Installs nothing. An instance that has begun to update itself says nothing of its
# image. Exit codes: 0 printed, 1 failed, 3 updates were installed since the instance booted.
$ErrorActionPreference = 'Stop'
$session = New-Object -ComObject Microsoft.Update.Session
$searcher = $session.CreateUpdateSearcher()
$searcher.Online = $true
$found = $searcher.Search("IsInstalled=0 and IsHidden=0 and Type='Software'")
if ($found.ResultCode -ne 2) {
  [Console]::Error.WriteLine("updates: the search ended with code $($found.ResultCode)")
  exit 1
}
$booted = (Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToUniversalTime()
$count = $searcher.GetTotalHistoryCount()
$since = if ($count -gt 0) { @($searcher.QueryHistory(0, $count) | Where-Object { $_.Date -ge $booted -and $_.Title -notmatch 'Defender' }) } else { @() }
if ($since.Count -gt 0) {
  [Console]::Error.WriteLine("updates: $($since.Count) updates were installed since this instance booted: it updates itself")
  exit 3
}

# New signatures come every few hours and are fetched by every instance itself.
$skip = @("$env:PATCH_SKIP".Split(' '))
$pending = @($found.Updates | Where-Object {
    $_.Title -notmatch 'Security Intelligence Update|Definition Update|\bPreview\b' -and -not $_.BrowseOnly -and -not $_.InstallationBehavior.CanRequestUserInput -and
    @($_.KBArticleIDs | Where-Object { $skip -contains "KB$_" }).Count -eq 0
  })
[Console]::Out.WriteLine("updates: $($pending.Count)")
foreach ($update in ($pending | Select-Object -First 50)) { [Console]::Out.WriteLine(($update.Title -replace '\s+', ' ')) }
exit 0
