/** The screens as ink draws them, with work that the test answers by hand. */
import assert from 'node:assert/strict';
import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, it } from 'mocha';
import { createElement } from 'react';
import { Frames } from '../../../cli/app/frames.ts';
import { AppScreen } from '../../../cli/app/screens/app.tsx';
import { rangeReport, stylesReport } from '../report.ts';
import { type Fake, fakeApp, press, settled } from './fake.ts';

const CLONE = { folder: '/clone', releases: 12 };

/** The app drawn, and its last frame without escape sequences. */
async function drawn(fake: Fake = fakeApp()) {
	const screen = render(createElement(AppScreen, { app: fake.app, color: true }));
	await settled();
	fake.app.start();
	await settled();
	const frame = () => (screen.lastFrame() ?? '').replace(/\x1b\[[\d;]*m/g, '');
	return { ...fake, screen, frame };
}

async function withExample(fake: Fake = fakeApp()) {
	const shown = await drawn(fake);
	await shown.work.fail('clone', 'no clone');
	press(shown.app, '<enter>');
	await shown.work.answer('range', [rangeReport()]);
	return shown;
}

describe('the screens of the app', () => {
	afterEach(cleanup);

	it('open the example, and remember it', async () => {
		const { app, work, frame, kept } = await drawn();
		assert.match(frame(), /> the example/);
		press(app, '<enter>');
		await settled();
		assert.match(frame(), /judging the patch; x stops/);
		await work.answer('range', [rangeReport()]);
		assert.match(frame(), /^arm64 +-{12}/m);
		assert.equal(kept[0]?.[0]?.subject, rangeReport().patch.subject);
		assert.equal(kept[0]?.[0]?.date, '2026-01-02');
	});

	it('take keys that come together, arrows, and named keys', async () => {
		const { frame, screen } = await withExample();
		screen.stdin.write('jjj');
		await settled();
		assert.match(frame(), /^> 4\.9\.y/m);
		screen.stdin.write('\x1b[B');
		await settled();
		assert.match(frame(), /^> 4\.13\.y/m);
		screen.stdin.write('\r');
		await settled();
		assert.match(frame(), /^> v4\.13\.9: /m);
		assert.match(frame(), /\[2 Release\]/);
	});

	it('always are as high as the terminal', async () => {
		const { app, frame } = await withExample();
		for (const keys of ['', '?', '?', '/un', '<esc>', '<enter>', '<esc>', '3', '4', '5', '6']) {
			press(app, keys);
			await settled();
			assert.equal(frame().split('\n').length, 24, keys);
		}
	});

	it('show the help of the very screen, and how far work is', async () => {
		const { app, work, frame } = await withExample();
		press(app, '?');
		await settled();
		assert.match(frame(), /Keys of Range/);
		assert.match(frame(), /L +show longterm series only/);
		press(app, '<esc>3');
		work.last('styles').hear({ kind: 'progress', label: 'reading trees', done: 3, total: 12 });
		await settled();
		assert.match(frame(), /reading trees 3\/12 \(x stops\)/);
		press(app, 'x');
		await settled();
		assert.equal(work.last('styles').stopped, true);
		await settled();
		assert.doesNotMatch(frame(), /x stops/);
	});

	it('say a failure with what to do, and go on', async () => {
		const { app, work, frame } = await drawn();
		press(app, '<enter>');
		await work.fail('range', 'the index is broken\x1b[2J', 'index-unreadable');
		await settled();
		assert.match(frame(), /the index is broken\\x1b\[2J; do something/);
		assert.match(frame(), /\[6 Open\]/);
		press(app, 'j');
		await settled();
		assert.doesNotMatch(frame(), /broken/);
	});

	it('ask which patch, where an input holds several', async () => {
		const { app, work, frame } = await drawn();
		press(app, '<enter>');
		await work.fail('range', 'a: 2 patches: (1) one, (2) two', 'several-patches');
		await settled();
		assert.match(frame(), /which one \(its number\)\?/);
		press(app, '2<enter>');
		assert.deepEqual(work.last('range').task, {
			kind: 'range',
			input: '',
			example: true,
			patch: '2',
		});
	});

	it('copy the tags as OSC 52', async () => {
		const { app, written, frame } = await withExample();
		press(app, '5y');
		await settled();
		assert.match(frame(), /copied 2 lines/);
		const copied = /^\x1b\]52;c;([A-Za-z0-9+/=]+)\x07$/.exec(written[0] ?? '')?.[1] ?? '';
		assert.equal(
			Buffer.from(copied, 'base64').toString(),
			'Fixes: d25a2a16f088 ("iommu: Add driver for Acme MMU")\nCc: stable@vger.kernel.org # 4.13+\n',
		);
	});

	it('open the source at the line of the evidence in a clone', async () => {
		const { app, work, frame } = await drawn();
		await work.answer('clone', CLONE);
		press(app, '<enter>');
		await work.answer('range', [rangeReport()]);
		press(app, 'jjjj<enter><tab><tab><enter>');
		const { task } = work.last('source');
		assert.equal(task.kind === 'source' && task.path, 'drivers/iommu/acme-mmu.c');
		await work.answer(
			'source',
			Array.from({ length: 300 }, (_, i) => `\tline ${i + 1};`),
		);
		await settled();
		assert.match(frame(), /^> {2}10 {9}line 10;/m);
	});

	it('show styles with symbols left out until they are asked for', async () => {
		const { app, work, frame } = await withExample();
		press(app, '3');
		const report = stylesReport();
		const symbol = {
			release: 'v4.14.5',
			capability: 'symbol:bus_set_iommu',
			value: true,
			evidence: [],
		};
		await work.answer('styles', { ...report, capabilities: [...report.capabilities, symbol] });
		await settled();
		assert.doesNotMatch(frame(), /symbol:bus_set/);
		press(app, 's');
		await settled();
		assert.match(frame(), /symbol:bus_set/);
	});

	it('begin another patch without waiting for the one before', async () => {
		const { app, work } = await drawn();
		press(app, '<enter>6<enter>');
		const asked = work.asked.filter(({ task }) => task.kind === 'range');
		assert.deepEqual(
			asked.map(({ stopped }) => stopped),
			[true, false],
		);
		await settled();
		assert.notEqual(app.state.patch, undefined);
	});

	it('leave at q and at ctrl-c, and not while a word is typed', async () => {
		const { app, quits } = await withExample();
		press(app, '/q');
		assert.deepEqual(quits, []);
		press(app, '<esc>q');
		app.press('ctrl-c');
		assert.deepEqual(quits, ['quit', 'quit']);
	});
});

describe('frames', () => {
	function terminal() {
		const written: string[] = [];
		const drains: (() => void)[] = [];
		const out = {
			columns: 80,
			rows: 3,
			writableNeedDrain: false,
			write: (text: string) => written.push(text),
			once: (_: 'drain', listener: () => void) => drains.push(listener),
		};
		let now = 0;
		return { written, drains, out, frames: new Frames(out, () => (now += 100)) };
	}

	it('write what changed, each line at its place, and nothing below the last row', () => {
		const { written, frames } = terminal();
		frames.write('a\nb\nc\nd');
		assert.equal(
			written[0],
			'\x1b[1;1H\x1b[0m\x1b[2Ka\x1b[2;1H\x1b[0m\x1b[2Kb\x1b[3;1H\x1b[0m\x1b[2Kc',
		);
		frames.write('a\nB');
		assert.equal(written[1], '\x1b[2;1H\x1b[0m\x1b[2KB\x1b[3;1H\x1b[0m\x1b[2K');
		frames.write('a\nB');
		assert.equal(written.length, 2);
	});

	it('leave frames out while the terminal takes no more', () => {
		const { written, drains, out, frames } = terminal();
		out.writableNeedDrain = true;
		frames.write('a');
		frames.write('b');
		assert.deepEqual(written, []);
		out.writableNeedDrain = false;
		for (const drained of drains) drained();
		assert.deepEqual(written, ['\x1b[1;1H\x1b[0m\x1b[2Kb']);
	});

	it('draw nothing while closed, and everything when opened again', () => {
		const { written, frames } = terminal();
		frames.write('a');
		frames.close();
		frames.write('b');
		assert.equal(written.length, 1);
		frames.open();
		assert.deepEqual(written.slice(1), ['\x1b[2J', '\x1b[1;1H\x1b[0m\x1b[2Kb']);
	});
});
