/** Small things that become large when they are read: refused in one line, soon, and within bounded memory. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, crc32, deflateRawSync } from 'node:zlib';
import { after, before, describe, it } from 'mocha';
import { LARGEST_OBJECT } from '../../src/git/objects.ts';
import { type MiniatureKernel, runGit } from '../kernel/miniature.ts';
import { type Ran, Sandbox } from './program.ts';

const GB = 1 << 30;
/** What a run over the miniature needs is a third of it. */
const MOST_MEMORY = 600 * 1024;

describe('a bomb', () => {
	const sandbox = new Sandbox();
	let kernel: MiniatureKernel;
	let mail = '';
	before(async () => {
		({ kernel, mail } = await sandbox.miniature());
	});
	after(() => sandbox.remove());

	/** Runs the program, and asserts that it stays below so much memory; in KiB. */
	async function bounded(argv: readonly string[], most = MOST_MEMORY): Promise<Ran> {
		let peak = 0;
		const ran = await sandbox.run(argv, {
			started: ({ pid }) => {
				const look = setInterval(() => {
					try {
						const status = readFileSync(`/proc/${pid}/status`, 'latin1');
						peak = Math.max(peak, Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0));
					} catch {
						clearInterval(look);
					}
				}, 20);
				look.unref();
			},
		});
		assert.ok(peak < most, `${argv.join(' ')}: ${peak} KiB`);
		assert.equal(ran.killedBy, null);
		return ran;
	}

	/** A repository whose release v4.11 has a tree with this id for the driver's file. */
	async function withFile(name: string, oid: string): Promise<string> {
		const dir = join(sandbox.folder, name);
		await runGit(['clone', '-q', '--bare', kernel.dir, dir]);
		const git = async (args: readonly string[], input = '') =>
			(await runGit(['-C', dir, ...args], input)).trim();
		const replaced = async (tree: string, entry: string): Promise<string> => {
			const rows = (await git(['ls-tree', tree])).split('\n');
			const path = entry.slice(entry.indexOf('\t'));
			const others = rows.filter((row) => !row.endsWith(path));
			return git(['mktree', '--missing'], `${[...others, entry].join('\n')}\n`);
		};
		const iommu = await replaced('v4.10:drivers/iommu', `100644 blob ${oid}\tacme-mmu.c`);
		const drivers = await replaced('v4.10:drivers', `040000 tree ${iommu}\tiommu`);
		const root = await replaced('v4.10^{tree}', `040000 tree ${drivers}\tdrivers`);
		const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
		const commit = await git([
			...who,
			'commit-tree',
			root,
			'-p',
			'v4.10^{commit}',
			'-m',
			'Linux 4.11',
		]);
		await git(['tag', 'v4.11', commit]);
		return dir;
	}

	for (const store of ['native', 'embedded']) {
		it(`is no loose object of a gigabyte of zeros (${store} store)`, async () => {
			const oid = 'b0'.repeat(20);
			const dir = await withFile(`loose-${store}.git`, oid);
			mkdirSync(join(dir, 'objects', 'b0'));
			writeFileSync(join(dir, 'objects', 'b0', 'b0'.repeat(19)), zeros(`blob ${GB}\0`, GB));
			assert.equal((await runGit(['-C', dir, 'cat-file', '-s', oid])).trim(), `${GB}`);
			for (const words of [
				['range', mail, '--no-index'],
				['styles', 'drivers/iommu', '--release', 'v4.11'],
			]) {
				const { code, err } = await bounded([...words, '--repo', dir, '--store', store]);
				assert.equal(code, 3, err);
				assert.match(err, /^rangefinder: [^\n]*\n$/);
			}
		});
	}

	it('is no delta that copies its base again and again', async () => {
		const dir = join(sandbox.folder, 'deltas');
		await runGit(['init', '-q', '--bare', dir]);
		const base = 'static int a;\n'.repeat(20_000);
		const large = base.repeat(Math.ceil((LARGEST_OBJECT + 1) / base.length));
		const one = (await runGit(['-C', dir, 'hash-object', '-w', '--stdin'], base)).trim();
		const two = (await runGit(['-C', dir, 'hash-object', '-w', '--stdin'], large)).trim();
		await runGit(
			['-C', dir, '-c', 'core.bigFileThreshold=2g', 'pack-objects', '-q', 'objects/pack/pack'],
			`${one} a.c\n${two} a.c\n`,
		);
		const other = await withFile('delta.git', two);
		writeFileSync(join(other, 'objects/info/alternates'), `${join(dir, 'objects')}\n`);
		await runGit(['-C', dir, 'prune-packed']);
		const { code, err } = await bounded(['range', mail, '--no-index', '--repo', other]);
		assert.equal(code, 3);
		assert.match(err, /has \d+ MiB; at most 128 MiB are read/);
	});

	it('is no section of an index', async () => {
		const path = join(sandbox.folder, 'bomb.rfx');
		const whole = readFileSync(new URL('../../cache/kernels.rfx', import.meta.url));
		writeFileSync(path, indexOf(whole, 2 ** 31));
		const { code, err } = await bounded(['range', '--example', '--index', path]);
		assert.equal(code, 2);
		assert.match(err, /section meta is too large|is damaged/);
	});

	it('is no mail of parts within parts, or of encodings of nothing', async () => {
		const head = 'From: a@example.org\nSubject: [PATCH] x\nMIME-Version: 1.0\n';
		let nested = `${head}Content-Type: multipart/mixed; boundary=b0\n\n`;
		for (let i = 0; i < 20_000; i++)
			nested += `--b${i}\nContent-Type: multipart/mixed; boundary=b${i + 1}\n\n`;
		const soft = `${head}Content-Transfer-Encoding: quoted-printable\n\n${'=\n'.repeat(4_000_000)}`;
		const base64 = `${head}Content-Transfer-Encoding: base64\n\n${'A'.repeat(76).concat('\n').repeat(150_000)}`;
		const forwarded = `${'Content-Type: message/rfc822\n\n'.repeat(20_000)}`;
		const words = `${head}Subject: ${'=?utf-8?q?=20?= '.repeat(200_000)}\n\nhi\n`;
		for (const [name, text] of Object.entries({ nested, soft, base64, forwarded, words })) {
			const path = join(sandbox.folder, `${name}.eml`);
			writeFileSync(path, text);
			const { code, err } = await bounded(['range', path, '--repo', kernel.dir], 2 * MOST_MEMORY);
			assert.equal(code, 2, `${name}: ${err}`);
			assert.match(err, /^rangefinder: [^\n]*\n$/, name);
		}
	});
});

/** An object of so many zeros after its header, deflated in small pieces that are made once. */
function zeros(header: string, count: number): Buffer {
	const sync = { finishFlush: constants.Z_FULL_FLUSH };
	const head = Buffer.from(header);
	let a = 1;
	let b = 0;
	for (const byte of head) {
		a = (a + byte) % 65_521;
		b = (b + a) % 65_521;
	}
	// Adler-32 (RFC 1950) over zeros: the first sum stays, the second grows by it.
	b = (b + a * (count % 65_521)) % 65_521;
	const checksum = Buffer.alloc(4);
	checksum.writeUInt32BE(b * 65_536 + a);
	const piece = deflateRawSync(Buffer.alloc(1 << 20), sync);
	const body = Array.from({ length: count >> 20 }, () => piece);
	return Buffer.concat([
		Buffer.of(0x78, 0x9c),
		deflateRawSync(head, sync),
		...body,
		Buffer.of(3, 0),
		checksum,
	]);
}

/** An index with the header of another, whose one section says that it inflates to so many bytes, and does. */
function indexOf(whole: Buffer, size: number): Buffer {
	const body = brotliCompressSync(Buffer.alloc(1 << 20), {
		params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
	});
	const varint = (value: number): number[] =>
		value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
	const check = Buffer.alloc(4);
	check.writeUInt32LE(crc32(body));
	const name = Buffer.from('meta');
	const table = Buffer.from([
		...varint(1),
		...varint(name.length),
		...name,
		...varint(body.length),
		...varint(size),
		...check,
	]);
	const header = Buffer.from(whole.subarray(0, 20));
	header.writeUInt32LE(table.length, 12);
	header.writeUInt32LE(crc32(table, crc32(header.subarray(0, 16))), 16);
	return Buffer.concat([header, table, body]);
}
