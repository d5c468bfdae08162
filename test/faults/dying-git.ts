/** A git in PATH that answers as the real one does, and dies after so many bytes of an answer. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How it dies: with an exit code, or by a signal as when memory runs out. */
export type Death = 'code' | 'kill';

/**
 * Makes it in a folder, which goes in front of PATH.
 * @param bytes of output after which it dies; that of `git version` is let through
 */
export function dyingGit(folder: string, bytes: number, death: Death): string {
	const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
	mkdirSync(folder, { recursive: true });
	const path = join(folder, 'git');
	writeFileSync(
		path,
		`#!/usr/bin/perl
my ($real, $left) = ('${real}', ${bytes});
exec $real, @ARGV if grep { $_ eq 'version' } @ARGV;
$| = 1;
my $child = open(my $from, '-|', $real, @ARGV) or exit 127;
while (my $got = sysread($from, my $part, 65536)) {
	if ($got >= $left) {
		syswrite(STDOUT, $part, $left);
		kill 'KILL', $child;
		${death === 'kill' ? "kill 'KILL', $$;" : 'exit 128;'}
	}
	syswrite(STDOUT, $part);
	$left -= $got;
}
close $from;
exit($? >> 8);
`,
	);
	chmodSync(path, 0o755);
	return folder;
}
