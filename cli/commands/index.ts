/**
 * The commands `index build`, `index info` and `index verify`.
 */
import { resolve } from 'node:path';
import type {
	IndexBuildReport,
	IndexInfoReport,
	IndexVerifyReport,
} from '../../cache/index-report.ts';
import { EXIT } from '../../src/errors.ts';
import { printableLine, safeJson, wrap } from '../../src/text.ts';
import type { IndexInfo } from '../engine.ts';
import type { IndexBuildWords, IndexWords } from '../options.ts';
import { renderTable } from '../output/table.ts';
import type { Session } from '../session.ts';

/** `1,234,567`, in any locale. */
function grouped(number: number): string {
	return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Runs `index build`. */
export async function runIndexBuild(session: Session, words: IndexBuildWords): Promise<void> {
	const engine = await session.engine();
	const progress = session.progress();
	const out = resolve(session.world.cwd, words.out);
	try {
		const { releases, bytes } = await engine.indexBuild({
			sources: words.repo.map((repo) => ({
				repo,
				...(words.release.length === 0 ? {} : { releases: words.release }),
			})),
			out,
			...(words.example === undefined ? {} : { example: words.example }),
			...(words.offline === true ? { offline: true } : {}),
			progress,
		});
		progress.end();
		if (words.json === true) {
			const schema = 'rangefinder.index-build/1';
			const report: IndexBuildReport = { schema, path: out, releases, bytes };
			session.print([safeJson(report, true)]);
			return;
		}
		session.print([`${printableLine(out)}: ${releases} releases, ${grouped(bytes)} bytes`]);
	} finally {
		progress.end();
	}
}

/** The text of `index info`; `width` columns. */
export function indexInfoText(info: IndexInfo, width: number): string[] {
	const rows = info.releases.map(({ release, date, files }) => [
		{ text: printableLine(release) },
		{ text: date },
		{ text: String(files) },
	]);
	const columns = [{ title: 'release' }, { title: 'date' }, { title: 'files' }];
	return [
		...wrap(printableLine(info.path), width),
		`format ${info.formatVersion}, extractor ${info.extractorVersion}, ${grouped(info.bytes)} bytes, ${info.releases.length} releases`,
		...(info.example === null
			? []
			: wrap(`example: ${printableLine(info.example)}`, width, '', '  ')),
		'',
		...(renderTable(columns, rows, Number.POSITIVE_INFINITY) ?? []),
	];
}

/** Runs `index info`. */
export async function runIndexInfo(session: Session, words: IndexWords): Promise<void> {
	const engine = await session.engine();
	const info = await engine.indexInfo(words.index === undefined ? {} : { index: words.index });
	if (words.json === true) {
		const { path, bytes, formatVersion, extractorVersion, releases, example } = info;
		const report: IndexInfoReport = {
			schema: 'rangefinder.index-info/1',
			path,
			bytes,
			formatVersion,
			extractorVersion,
			releases: releases.map(({ release, date, files }) => ({ release, date, files })),
			example,
		};
		session.print([safeJson(report, true)]);
		return;
	}
	session.print(indexInfoText(info, session.width));
}

/** Runs `index verify`: the exit code says whether there are differences. */
export async function runIndexVerify(session: Session, words: IndexWords): Promise<void> {
	const engine = await session.engine();
	const { checked, differences } = await engine.indexVerify({
		...(words.index === undefined ? {} : { index: words.index }),
		...(words.repo === undefined ? {} : { repo: words.repo }),
		...(words.offline === true ? { offline: true } : {}),
	});
	session.exitCode = differences.length === 0 ? EXIT.answered : EXIT.no;
	if (words.json === true) {
		const schema = 'rangefinder.index-verify/1';
		const report: IndexVerifyReport = { schema, checked, differences };
		session.print([safeJson(report, true)]);
		return;
	}
	const count = differences.length === 1 ? '1 difference' : `${differences.length} differences`;
	session.print([...differences.map(printableLine), `${checked} checked, ${count}`]);
}
