/**
 * The fix of the miniature kernel as a mail with everything that a mail to a list has, and the program that is
 * asked about it: what the tests of tags, lint and reply share.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createEngine } from '../../cli/adapter.ts';
import type { World } from '../../cli/world.ts';
import { type MiniatureKernel, makeMiniatureKernel } from '../kernel/miniature.ts';
import { rangefinder } from './rangefinder.ts';

export interface FixMail {
	readonly folder: string;
	readonly kernel: MiniatureKernel;
	/** The mail, in `folder` as mail.txt too. */
	readonly mail: string;
	/** Runs a command on the miniature kernel, without index and cache. */
	run(argv: readonly string[], more?: Partial<World>): ReturnType<typeof rangefinder>;
	/** Writes a mail like it with other lines behind its text, and returns the file. */
	withLines(name: string, lines: readonly string[]): string;
	remove(): void;
}

const QUESTION =
	'Is there a range of stable releases where this is safe to apply? I would like\nto have it backported to 4.4, but it depends on probe deferral.';

/** Makes the repository and the mail. */
export async function makeFixMail(): Promise<FixMail> {
	const folder = mkdtempSync(join(tmpdir(), 'rangefinder-fix-mail-'));
	const kernel = await makeMiniatureKernel(folder);
	const signed = 'Signed-off-by: Mini Ature <mini@example.org>';
	const mailWith = (lines: readonly string[]): string =>
		kernel.fix.mail
			.replace(
				/^Subject: \[PATCH\] /m,
				[
					'Message-ID: <20160901.fix@example.org>',
					'In-Reply-To: <20160831.cover@example.org>',
					'References: <20160830.first@example.org> <20160831.cover@example.org>',
					'To: "Ature, Mini" <list@example.org>, =?UTF-8?q?J=C3=BCrgen_Gro=C3=9F?= <jg@example.org>',
					'Cc: undisclosed-recipients:;, <iommu@example.org>',
					'MIME-Version: 1.0',
					'Content-Type: text/plain; charset=UTF-8',
					'Content-Transfer-Encoding: 8bit',
					'Subject: [PATCH v2] ',
				].join('\n'),
			)
			.replace(`\n\n${signed}`, `\n\n${QUESTION}\n\n${lines.join('\n')}`)
			.replace('\n---\n', '\n---\nv2: say why.\n\n');
	const mail = mailWith(['Reviewed-by: Jürgen Groß <jg@example.org>', signed]);
	writeFileSync(join(folder, 'mail.txt'), mail);
	return {
		folder,
		kernel,
		mail,
		run: (argv, more = {}) => {
			const env = { PATH: process.env.PATH, HOME: folder };
			const stdin = more.stdin ?? Readable.from([]);
			const engine = createEngine({ cwd: folder, env, stdin });
			const [command = '', ...rest] = argv;
			const words = [command, '--repo', kernel.dir, '--no-index', '--no-cache', ...rest];
			return rangefinder(words, engine, { cwd: folder, env, ...more });
		},
		withLines: (name, lines) => {
			const file = join(folder, name);
			writeFileSync(file, mailWith(lines));
			return file;
		},
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}
