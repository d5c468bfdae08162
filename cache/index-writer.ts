/**
 * The bytes of a release index: the same content always gives the same.
 */
import { DEVICE_TREE_VERSION } from '../src/kernel/device-tree.ts';
import { type IndexContent, type IndexMeta, type IndexUsers, SECTION } from './index-content.ts';
import { encodeContainer, OWN_VERSION } from './index-format.ts';
import { storedKconfig } from './index-kconfig-lines.ts';
import { encodeVersions, LineTable } from './index-lines.ts';
import { pack } from './index-pack.ts';
import { relative } from './index-positions.ts';

/** The index as bytes. Throws RangeError when a blob of a release has no lines, or no release has a file. */
export function writeIndex(content: IndexContent): Uint8Array {
	const { meta, ids } = number(content);
	const sections = new Map<string, Uint8Array>();
	sections.set(SECTION.meta, pack(meta));
	sections.set(SECTION.blobs, Buffer.from(ids.join(''), 'hex'));
	const table = new LineTable();
	const lines = new Map<string, Uint8Array>();
	const facts = new Map<string, Uint8Array>();
	let first = 0;
	meta.blobs.forEach((row, path) => {
		const own = ids.slice(first, Math.max(first, ...row));
		first += own.length;
		if (own.length === 0) return;
		lines.set(
			SECTION.lines(path),
			encodeVersions(own.map((blob) => table.sequence(linesOf(content, blob)))),
		);
		const known = own.map((blob) => content.facts.get(blob));
		if (known.every((one) => one === undefined)) return;
		facts.set(SECTION.facts(path), pack(known.map((one) => (one ? relative(one) : null))));
	});
	sections.set(SECTION.table, table.done());
	for (const { profile, trees, answers, users } of content.profiles) {
		const linked = trees.map(({ key, tree: { facts, modules } }) => ({ key, facts, modules }));
		sections.set(SECTION.trees(profile), pack(linked, [...ids, ...meta.paths]));
		sections.set(
			SECTION.kconfig(profile),
			pack(trees.map(({ tree }) => storedKconfig(tree.kconfig))),
		);
		if (answers !== undefined) sections.set(SECTION.answers(profile), pack(answers));
		if (users !== undefined) {
			const held: IndexUsers = { version: DEVICE_TREE_VERSION, releases: users };
			sections.set(SECTION.users(profile), pack(held));
		}
	}
	if (content.example !== undefined) sections.set(SECTION.example, pack(content.example));
	for (const group of [lines, facts]) for (const [name, bytes] of group) sections.set(name, bytes);
	return encodeContainer(OWN_VERSION, sections, new Set([SECTION.blobs, SECTION.table]));
}

function linesOf(content: IndexContent, blob: string) {
	const lines = content.lines.get(blob);
	if (lines === undefined) throw new RangeError(`no lines for blob ${blob}`);
	return lines;
}

function number({ releases, files, profiles }: IndexContent): { meta: IndexMeta; ids: string[] } {
	if (files.length !== releases.length) throw new RangeError('files of each release are needed');
	const byPath = new Map<string, (string | undefined)[]>();
	files.forEach((list, release) => {
		for (const { path, blob } of list) {
			const row = byPath.get(path) ?? new Array<string | undefined>(releases.length);
			byPath.set(path, row);
			row[release] = blob;
		}
	});
	const paths = [...byPath.keys()].sort();
	const numbers = new Map<string, number>();
	const blobs = paths.map((path) =>
		Array.from(byPath.get(path) ?? [], (blob) => {
			if (blob === undefined) return 0;
			const known = numbers.get(blob) ?? numbers.size + 1;
			numbers.set(blob, known);
			return known;
		}),
	);
	const ids = [...numbers.keys()];
	const idBytes = (ids[0] ?? '').length / 2;
	if (idBytes === 0) throw new RangeError('an index without files is of no use');
	const odd = ids.find((id) => id.length !== idBytes * 2 || !/^[0-9a-f]+$/.test(id));
	if (odd !== undefined) throw new RangeError(`blob ids are of two kinds: ${ids[0]} and ${odd}`);
	return {
		meta: {
			releases: releases.map(({ name, commit, date, tree }) => ({
				name,
				commit,
				date,
				...(tree === undefined ? {} : { tree }),
			})),
			paths,
			blobs,
			idBytes,
			profiles: profiles.map(({ profile }) => profile),
			reads: profiles.map(({ reads }) => reads),
		},
		ids,
	};
}
