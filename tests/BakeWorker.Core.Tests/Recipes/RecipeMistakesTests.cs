namespace BakeWorker.Core.Tests.Recipes;

/// <summary>What authors get wrong, one at a time: the place, what is wrong, and what to write instead.</summary>
public sealed class RecipeMistakesTests : IDisposable
{
    private readonly RecipeBox box = new();

    public void Dispose() => box.Dispose();

    public static TheoryData<string, string, string, string> Fields =>
        new()
        {
            { "name: web", "nam: web", "1:1", "nam is not a field of a recipe; did you mean 'name'?" },
            {
                "name: web",
                "name:",
                "1:6",
                "name is empty; write 3 to 64 characters of a-z 0-9 . and -, starting with a letter and not ending in . or -, or remove it."
            },
            {
                "name: web",
                "name: 17",
                "1:7",
                "name is '17', which reads as a number; write 3 to 64 characters of a-z 0-9 . and -, starting with a letter and not ending in . or -, in quotes."
            },
            {
                "name: web",
                "name: db1",
                "1:7",
                "name is 'db1', but the folder is 'web', by which requests find the recipe; make the two the same."
            },
            {
                "name: web",
                "name: [web]",
                "1:7",
                "name is a list; write 3 to 64 characters of a-z 0-9 . and -, starting with a letter and not ending in . or -."
            },
            {
                "owner: web-team",
                "owner: a*b",
                "3:8",
                "owner is 'a*b', which does not fit; write 1 to 128 letters, digits, spaces and _ . : / = + - @, as AWS allows in tags."
            },
            {
                "owner: web-team",
                "owner: web-team\nowner: db-team",
                "4:1",
                "owner is given twice, first in line 3; remove one of the two."
            },
            {
                "platform: linux",
                "platform: Linux",
                "4:11",
                "platform is 'Linux', which is not one of linux, windows; did you mean 'linux'?"
            },
            { "platform: linux", "platform: plan9", "4:11", "platform is 'plan9', which is not known here; write one of linux, windows." },
            {
                "architecture: x86_64",
                "architecture: x86-64",
                "5:15",
                "architecture is 'x86-64', which is not one of x86_64, arm64; did you mean 'x86_64'?"
            },
            {
                "  parameter: /aws/service/debian/release/12/latest/amd64\n",
                "",
                "7:3",
                "a base names none of parameter, image, find; give exactly one of parameter, image, find."
            },
            {
                "parameter: /aws/service/debian/release/12/latest/amd64",
                "image: ami-12",
                "7:10",
                "base.image is 'ami-12', which does not fit; write an AMI id such as ami-0123456789abcdef0."
            },
            {
                "parameter: /aws/service/debian/release/12/latest/amd64",
                "find: { name: 'debian-12-*', owner: amazon }",
                "7:39",
                "base.find.owner is 'amazon', which is not among base.owners, so whatever it finds would be refused; add it there."
            },
            {
                "parameter: /aws/service/debian/release/12/latest/amd64",
                "find: { owner: amazon }",
                "7:9",
                "base.find.name is missing; add it, as in name: 'RHEL-9.*_HVM-*-x86_64-*-Hourly2-GP3'"
            },
            { "  owners: [\"136693071363\"]\n", "", "7:3", "base.owners is missing; add it, as in owners: ['136693071363']" },
            { "owners: [\"136693071363\"]", "owners: []", "8:11", "base.owners has 0 entries; write 1 to 20." },
            { "owners: [\"136693071363\"]", "owners: debian", "8:11", "base.owners is 'debian'; write a list, as in [debian]." },
            {
                "owners: [\"136693071363\"]",
                "owners: [debian]",
                "8:12",
                "base.owners[0] is 'debian', which does not fit; write a 12-digit account id, amazon, aws-marketplace or self."
            },
            { "owners: [\"136693071363\"]", "owners: [self, self]", "8:18", "base.owners[1] repeats 'self'; remove one of the two." },
            {
                "maxAge: 120d",
                "maxAge: 120",
                "9:11",
                "base.maxAge is '120', which has no unit; write a duration from 1d to 3650d, such as 90s, 30m, 1h30m or 90d."
            },
            {
                "maxAge: 120d",
                "maxAge: 4 months",
                "9:11",
                "base.maxAge is '4 months', which is not a duration; write a duration from 1d to 3650d, such as 90s, 30m, 1h30m or 90d."
            },
            {
                "maxAge: 120d",
                "maxAge: 1h",
                "9:11",
                "base.maxAge is '1h', which is shorter than 1d; write a duration from 1d to 3650d, such as 90s, 30m, 1h30m or 90d."
            },
            {
                "instanceTypes: [t3.small, t3a.small]",
                "instanceTypes: [t4g.small]",
                "11:19",
                "builder.instanceTypes names 't4g.small', which is arm64, but the recipe is for x86_64; name types of that architecture."
            },
            {
                "instanceTypes: [t3.small, t3a.small]",
                "instanceTypes: [small]",
                "11:19",
                "builder.instanceTypes[0] is 'small', which does not fit; write an instance type such as t3.small."
            },
            {
                "market: spot-then-on-demand",
                "market: ondemand",
                "12:11",
                "builder.market is 'ondemand', which is not one of on-demand, spot, spot-then-on-demand; did you mean 'on-demand'?"
            },
            {
                "size: 10GiB",
                "size: 10",
                "13:23",
                "builder.rootVolume.size is '10', which has no unit; write a size from 1GiB to 16384GiB, such as 10GiB or 1TiB."
            },
            {
                "size: 10GiB",
                "size: 10GB",
                "13:23",
                "builder.rootVolume.size is '10GB', which is not a size; write a size from 1GiB to 16384GiB, such as 10GiB or 1TiB."
            },
            {
                "size: 10GiB",
                "size: 17TiB",
                "13:23",
                "builder.rootVolume.size is '17TiB', which is outside 1GiB to 16384GiB; write a size from 1GiB to 16384GiB, such as 10GiB or 1TiB."
            },
            {
                "encrypted: true",
                "encrypted: yes",
                "13:41",
                "builder.rootVolume.encrypted is 'yes', which is not true or false; write true or false, without quotes."
            },
            {
                "encrypted: true",
                "encrypted: false",
                "13:56",
                "builder.rootVolume.kmsKey is given for a volume that is not encrypted; remove it, or write encrypted: true."
            },
            {
                "agent: install",
                "keepFor: 4h",
                "14:12",
                "builder.keepFor is given, but no builder is kept; remove it, or write keep: on-failure."
            },
            { "rootVolume:", "root_volume:", "13:3", "builder.root_volume is not a field of a builder; did you mean 'rootVolume'?" },
            {
                "pattern: '\\d+\\.\\d+\\.\\d+'",
                "pattern: '(\\d'",
                "16:26",
                "parameters.appVersion.pattern is '(\\d', which is not a regular expression (InsufficientClosingParentheses at position 4); write a simpler one."
            },
            {
                "pattern: '\\d+\\.\\d+\\.\\d+'",
                "pattern: '(?=1).*'",
                "16:26",
                "parameters.appVersion.pattern is '(?=1).*', which needs look-around, a back-reference or another feature that cannot be matched in linear time; write a simpler one."
            },
            {
                "pattern: '\\d+\\.\\d+\\.\\d+'",
                "pattern: '1)|(.*'",
                "16:26",
                "parameters.appVersion.pattern is '1)|(.*', which is not a regular expression (InsufficientOpeningParentheses at position 3); write a simpler one."
            },
            {
                "default: 1.0.0",
                "default: 1.0",
                "16:52",
                "parameters.appVersion.default is '1.0', which does not match \\d+\\.\\d+\\.\\d+; write a value that does."
            },
            {
                "default: 1.0.0",
                "default: '{{ssm:x}}'",
                "16:52",
                "parameters.appVersion.default is '{{ssm:x}}', which holds {{ or }}; SSM would expand that, so write the value itself."
            },
            {
                "  appVersion:",
                "  app version:",
                "16:3",
                "a key of parameters is 'app version', which does not fit; write 1 to 64 letters, digits, _ and -, starting with a letter."
            },
            {
                "- name: install\n",
                "- name: patch\n",
                "24:11",
                "steps[1].name is 'patch', as is that of the step in line 18; give each step a name of its own."
            },
            {
                "    phase: patch\n",
                "    phase: instal\n",
                "19:12",
                "steps[0].phase is 'instal', which is not one of patch, harden, install, cleanup; did you mean 'install'?"
            },
            {
                "    phase: patch\n",
                "    phase: cleanup\n",
                "25:12",
                "steps[1].phase is 'install' after a step of phase 'cleanup'; move the step up, phases run in the order patch, harden, install, cleanup."
            },
            {
                "uses: linux/patch",
                "uses: linux/pach",
                "20:11",
                "steps[0].uses names no step of the library steps: linux/pach.sh does not exist; did you mean 'linux/patch.sh'?"
            },
            {
                "uses: linux/patch",
                "uses: ../web/steps",
                "20:11",
                "steps[0].uses is '../web/steps', which does not fit; write a step of the library such as linux/patch, without its extension."
            },
            {
                "uses: linux/patch",
                "uses: linux/patch\n    run: steps/install.sh",
                "21:10",
                "a step names uses and run; give exactly one of uses, run, document, component."
            },
            {
                "    uses: linux/patch\n",
                "",
                "18:5",
                "a step names none of uses, run, document, component; give exactly one of uses, run, document, component."
            },
            {
                "timeout: 30m",
                "timeout: 9h",
                "21:14",
                "steps[0].timeout is '9h', which is longer than 8h; write a duration from 10s to 8h, such as 90s, 30m, 1h30m or 90d."
            },
            { "retries: 2", "retries: 6", "22:14", "steps[0].retries is '6', which is outside 0 to 5; write a whole number from 0 to 5." },
            {
                "retries: 2",
                "retries: '2'",
                "22:14",
                "steps[0].retries is '2', which is not a whole number; write a whole number from 0 to 5."
            },
            {
                "reboot: if-needed",
                "reboot: yes",
                "23:13",
                "steps[0].reboot is 'yes', which is not known here; write one of never, if-needed, always."
            },
            {
                "run: steps/install.sh",
                "run: steps/instal.sh",
                "26:10",
                "steps[1].run names no usable file: steps/instal.sh does not exist; did you mean 'steps/install.sh'?"
            },
            {
                "run: steps/install.sh",
                "run: ../steps/linux/patch.sh",
                "26:10",
                "steps[1].run names no usable file: ../steps/linux/patch.sh leads out of web; keep files that a recipe uses beside it."
            },
            {
                "run: steps/install.sh",
                "run: /etc/rc.sh",
                "26:10",
                "steps[1].run is '/etc/rc.sh', which does not fit; write a path within the recipe's folder such as steps/install.sh."
            },
            {
                "run: steps/install.sh",
                "run: steps/install.ps1",
                "26:10",
                "steps[1].run is 'steps/install.ps1', but scripts of a linux recipe end in .sh."
            },
            {
                "APP_VERSION: '${appVersion}'",
                "APP-VERSION: '${appVersion}'",
                "27:12",
                "a key of steps[1].env is 'APP-VERSION', which does not fit; write letters, digits and _, not starting with a digit."
            },
            {
                "'${appVersion}'",
                "'${appVersoin}'",
                "27:25",
                "steps[1].env.APP_VERSION refers to ${appVersoin}, which is no parameter of the recipe; did you mean 'appVersion'?"
            },
            {
                "'${appVersion}'",
                "'${HOME} ${appVersion}'",
                "27:25",
                "steps[1].env.APP_VERSION refers to ${HOME}, which is no parameter of the recipe; write $${HOME} for the text itself, or one of appVersion."
            },
            {
                "'${appVersion}'",
                "'${appVersion'",
                "27:25",
                "steps[1].env.APP_VERSION holds a ${ without a name and }; write ${name}, or $${ for the text itself."
            },
            {
                "env: { APP_VERSION: '${appVersion}' }",
                "with: { APP: '${appVersion}' }",
                "27:11",
                "steps[1].with is given for a script, which takes no parameters; use env."
            },
            {
                "with: { action: Install, name: AmazonCloudWatchAgent }",
                "env: { A: b }",
                "31:10",
                "steps[2].env is given for a document, which has no environment; use with."
            },
            {
                "document: AWS-ConfigureAWSPackage",
                "document: a b",
                "30:15",
                "steps[2].document is 'a b', which does not fit; write the name of an SSM command document such as AWS-ConfigureAWSPackage, or its ARN."
            },
            {
                "- { name: app,",
                "- { name: App,",
                "33:13",
                "tests[0].name is 'App', which does not fit; write 1 to 64 characters of a-z 0-9 and -, starting with a letter or digit."
            },
            {
                "timeout: 90s }",
                "timeout: 90s, retries: 1 }",
                "33:51",
                "tests[0].retries is not a field of a test; the fields are name, uses, run, gate, least, env, timeout, parallel."
            },
            {
                "agentWithin: 5m",
                "agentWithin: 5s",
                "34:22",
                "boot.agentWithin is '5s', which is shorter than 1m; write a duration from 1m to 1h, such as 90s, 30m, 1h30m or 90d."
            },
            {
                "source: both",
                "source: all",
                "36:11",
                "scan.source is 'all', which is not known here; write one of instance, image, both, none."
            },
            {
                "source: both",
                "source: image",
                "36:11",
                "scan.source is 'image', which shows neither exploits nor EPSS, so scan.block.knownExploit and epss could not hold; write instance or both."
            },
            {
                """owners: ["136693071363"]""",
                """
                    owners: [self, "136693071363"]
                      madeBy: golden
                    """,
                "9:11",
                "base.madeBy is given, but base.owners names others than self; tags prove something only on images of this account, so write owners: [self]."
            },
            {
                "severity: critical",
                "severity: critcal",
                "37:22",
                "scan.block.severity is 'critcal', which is not one of informational, low, medium, high, critical; did you mean 'critical'?"
            },
            { "waivers: waivers.yaml", "waivers: waved.yaml", "38:12", "scan.waivers is 'waved.yaml', which does not exist." },
            {
                "pointer: /images/web/current",
                "pointer: images/web",
                "41:12",
                "publish.pointer is 'images/web', which does not fit; write an SSM parameter name that starts with / such as /images/web/current."
            },
            {
                "pointer: /images/web/current",
                "pointer: /aws/web",
                "41:12",
                "publish.pointer is '/aws/web', but SSM keeps names that begin with /aws or /ssm to itself; write another, as in /images/aws/web."
            },
            {
                "regions: [eu-west-1]",
                "regions: [eu-west-1, europe]",
                "42:24",
                "publish.regions[1] is 'europe', which does not fit; write a Region such as eu-west-1."
            },
            {
                "accounts: [111122223333]",
                "accounts: [1111]",
                "43:23",
                "publish.share.accounts[0] is '1111', which does not fit; write a 12-digit account id."
            },
            {
                "kmsKeys: { eu-west-1: alias/images }",
                "kmsKeys: { us-east-1: alias/images }",
                "44:25",
                "publish.kmsKeys names us-east-1, to which no copy goes; add it to publish.regions, or remove the key."
            },
            { "keep: 3", "keep: 0", "46:17", "retain.keep is '0', which is outside 1 to 1000; write a whole number from 1 to 1000." },
            {
                "cron: '0 3 * * *'",
                "cron: '0 25 * * *'",
                "47:19",
                "schedule.cron is '0 25 * * *', which is not a cron expression; write minute, hour, day, month and weekday, as in '0 3 * * *'."
            },
            { "cron: '0 3 * * *'", "cron: '0 3 30 2 *'", "47:19", "schedule.cron is '0 3 30 2 *', a day that never comes; write another." },
            {
                "timezone: UTC",
                "timezone: Mars/Olympus",
                "47:42",
                "schedule.timezone is 'Mars/Olympus', which this machine does not know; write an IANA name such as Europe/Berlin, or UTC."
            },
            {
                "tags: { cost-center: 4711 }",
                "tags: { 'bakeworker:role': x }",
                "49:28",
                "tags.bakeworker:role begins with a reserved prefix; write a name without aws: or bakeworker:"
            },
            {
                "tags: { cost-center: 4711 }",
                "tags: { <<: { a: b } }",
                "49:13",
                "tags.<< is a map of keys; write at most 256 letters, digits, spaces and _ . : / = + - @, as AWS allows in tags."
            },
        };

    [Theory]
    [MemberData(nameof(Fields))]
    public void Recipe_OneMistake_IsToldAtItsPlaceWithWhatToWrite(string good, string bad, string place, string message)
    {
        var reading = box.ReadWith(good, bad);

        reading.Recipe.Should().BeNull();
        box.Shown(reading).Should().Contain($"web/recipe.yaml:{place}: {message}");
    }

    [Theory]
    [InlineData(
        "source: both",
        "source: none",
        "36:11",
        "scan.source is 'none': images of this recipe are published without a look for vulnerabilities."
    )]
    [InlineData(
        ", kmsKey: alias/images",
        "",
        "43:10",
        "publish.share needs a key of your own: EC2 refuses to share an image under the account's default key; name one in builder.rootVolume.kmsKey."
    )]
    [InlineData(
        "'${appVersion}'",
        "'1'",
        "16:15",
        "parameters.appVersion is used by no step and no test; write ${appVersion} in an env, or remove it."
    )]
    [InlineData(
        "- { name: app, run: tests/app.sh, timeout: 90s }",
        "- { name: app, uses: linux/patch }",
        "1:1",
        "no step and no test uses tests/app.sh; name it or remove it."
    )]
    public void Recipe_SomethingOdd_IsWarnedAboutAndStillRead(string good, string odd, string place, string message)
    {
        var reading = box.ReadWith(good, odd);

        reading.Recipe.Should().NotBeNull();
        box.Shown(reading).Should().Equal($"web/recipe.yaml:{place}: warning: {message}");
    }
}
