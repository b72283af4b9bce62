# A shell for a person, or one command, on a machine's own console: a socket with a root shell at its other end.
use strict;
use Socket;
$| = 1;
my ($path, @command) = @ARGV;
socket(my $line, PF_UNIX, SOCK_STREAM, 0) or die "no socket can be had: $!\n";
connect($line, sockaddr_un($path)) or die "the machine is off: $!\n";

sub say_to { my ($text) = @_; while (length $text) { my $done = syswrite($line, $text) // exit 1; substr($text, 0, $done) = '' } }

if (@command) {
    # What stands between two marks is the command's; a mark is never typed as it is printed, since the console repeats what is typed.
    my $words = join ' ', map { my $word = $_; $word =~ s/'/'\\''/g; "'$word'" } @command;
    say_to("\x15 stty -echo -opost; printf '%s%s\\n' bw- begin; $words; printf '%s%s %d\\n' bw- end \$?; stty echo opost\n");
    my ($seen, $began) = ('', 0);
    while (sysread($line, $seen, 65536, length $seen)) {
        if (!$began && $seen =~ s/^.*?bw-begin\r?\n//s) { $began = 1 }
        next unless $began;
        if ($seen =~ s/bw-end (\d+)\r?\n.*//s) { my $code = $1; print $seen; exit $code }
        # The beginning of a mark may be the end of what was read.
        print substr($seen, 0, -16, '') if length $seen > 16;
    }
    exit 1;
}

print STDERR "This is the machine's own console; Ctrl+] leaves it.\r\n";
my $before = -t STDIN ? `stty -g` : '';
chomp $before;
system 'stty', 'raw', '-echo' if $before;
say_to("\n");
while (1) {
    my $ready = '';
    vec($ready, fileno(STDIN), 1) = 1;
    vec($ready, fileno($line), 1) = 1;
    select($ready, undef, undef, undef) > 0 or next;
    if (vec($ready, fileno($line), 1)) {
        sysread($line, my $text, 65536) or last;
        syswrite(STDOUT, $text);
    }
    if (vec($ready, fileno(STDIN), 1)) {
        sysread(STDIN, my $text, 4096) or last;
        my $leaves = $text =~ s/\x1d.*//s;
        say_to($text);
        last if $leaves;
    }
}
system 'stty', $before if $before;
print STDERR "\n";
