/**
 * What `log` prints for people: a line for each commit that touches a driver, and for a transition the commit and
 * the facts that changed.
 */
import { valueText } from '../../src/history/fact-changes.ts';
import type {
	CapabilityRecord,
	DriverRecord,
	LogRecord,
	SummaryRecord,
} from '../../src/history/log-report.ts';
import { padded, printableLine, wrap } from '../../src/text.ts';
import type { Paint } from './paint.ts';

const COMMIT_DIGITS = 12;
const RELEASE_COLUMNS = 12;
/** Facts of one transition that are said; --json has them all. */
const MOST_FACTS = 6;

/** A function from records to the lines that are printed for them; `width` columns. */
export function logText(width: number, paint: Paint): (record: LogRecord) => string[] {
	return (record) => {
		switch (record.kind) {
			case 'driver':
				return driverLines(record, width, paint);
			case 'capability':
				return capabilityLines(record, width, paint);
			case 'summary':
				return summaryLines(record, width);
		}
	};
}

/** `* 0123456789ab 2017-05-30 v4.12-rc1   `: what begins every line. */
function head(
	{ commit, date, firstRelease }: DriverRecord | CapabilityRecord,
	marked: boolean,
): string {
	const release = padded(printableLine(firstRelease ?? 'unreleased'), RELEASE_COLUMNS);
	return `${marked ? '*' : ' '} ${commit.slice(0, COMMIT_DIGITS)} ${date} ${release} `;
}

function driverLines(record: DriverRecord, width: number, paint: Paint): string[] {
	const { driver, before, after, transition, renamedFrom, changes } = record;
	const was = renamedFrom === undefined ? '' : `${oldName(record)} => `;
	const change = transition ? `${before ?? 'not there'} -> ${after ?? 'gone'}` : (after ?? 'gone');
	const line = `${head(record, transition)}${printableLine(`${was}${driver}: ${change}`)}`;
	if (!transition) return [line];
	return [
		paint('strong', line),
		...said(record, width),
		...changes
			.slice(0, MOST_FACTS)
			.flatMap(({ text, evidence }) => factLines(text, evidence, width)),
		...(changes.length > MOST_FACTS ? [`      and ${changes.length - MOST_FACTS} more`] : []),
	];
}

/** The old name of a driver; its old path where only that changed. */
function oldName({ driver, path, renamedFrom }: DriverRecord): string {
	if (renamedFrom === undefined || renamedFrom.driver !== driver) return renamedFrom?.driver ?? '';
	return renamedFrom.path === path ? `CONFIG_${renamedFrom.symbol}` : renamedFrom.path;
}

function capabilityLines(record: CapabilityRecord, width: number, paint: Paint): string[] {
	const { capability, before, after, evidence, drivers } = record;
	// What the first commit has is no news, and that a name exists is said in JSON.
	if (before === null || capability.startsWith('symbol:')) return [];
	const change = `${valueText(before)} -> ${valueText(after ?? undefined)}`;
	const names = drivers.map(({ driver }) => driver).join(', ');
	return [
		paint('strong', `${head(record, true)}${printableLine(`framework: ${capability}: ${change}`)}`),
		...said(record, width),
		...factLines('read', evidence, width),
		...(names === '' ? [] : wrap(printableLine(`for ${names}`), width, '      ', '        ')),
	];
}

/** Subject and author of a transition. */
function said(
	{ subject, author, merge }: DriverRecord | CapabilityRecord,
	width: number,
): string[] {
	const what = `${subject} (${author}${merge ? ', in a merge' : ''})`;
	return wrap(printableLine(what), width, '    ');
}

function factLines(
	text: string,
	evidence: readonly { path: string; line: number }[],
	width: number,
): string[] {
	const [place] = evidence;
	const where = place === undefined ? '' : ` (${place.path}:${place.line})`;
	return wrap(printableLine(`${text}${where}`), width, '      ', '        ');
}

function summaryLines(record: SummaryRecord, width: number): string[] {
	const { commits, drivers, transitions, unread, shallow } = record;
	const notes = [
		...(unread === 0
			? []
			: [`${counted(unread, 'blob')} missing in the clone: style unknown where they are`]),
		...(shallow ? ['the clone is shallow: what was before is not seen'] : []),
	];
	const counts = [
		counted(commits, 'commit'),
		counted(drivers, 'driver'),
		counted(transitions, 'change', ' of style'),
	];
	return ['', ...wrap([counts.join(', '), ...notes].join('; '), width)];
}

function counted(count: number, what: string, more = ''): string {
	return `${count} ${what}${count === 1 ? '' : 's'}${more}`;
}
