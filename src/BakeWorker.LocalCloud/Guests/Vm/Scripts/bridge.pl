# Between a connection that a machine makes and a socket of its host.
use strict;
use Socket;
my $path = shift;
socket(my $host, PF_UNIX, SOCK_STREAM, 0) or exit 1;
connect($host, sockaddr_un($path)) or exit 1;
my %to = (fileno(STDIN) => $host, fileno($host) => \*STDOUT);
my %from = (fileno(STDIN) => \*STDIN, fileno($host) => $host);
while (%from) {
    my $ready = '';
    vec($ready, $_, 1) = 1 for keys %from;
    select($ready, undef, undef, undef) > 0 or next;
    for my $number (grep { vec($ready, $_, 1) } keys %from) {
        my $read = sysread($from{$number}, my $bytes, 65536);
        if ($read) {
            for (my $done = 0; $done < $read;) {
                $done += syswrite($to{$number}, $bytes, $read - $done, $done) // exit 0;
            }
            next;
        }
        delete $from{$number};
        # Whoever closed the host's side has said everything; what the machine sends after its end would not be heard anyway.
        exit 0 if $number == fileno($host);
        shutdown($host, 1);
    }
}
