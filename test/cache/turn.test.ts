import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { platform } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { before, describe, it } from 'mocha';
import { inTurn } from '../../cache/turn.ts';

describe('turn', () => {
	before(function () {
		if (platform() !== 'linux') this.skip();
	});
	const name = (what: string) => `test ${process.pid} ${what}`;

	it('is of one at a time', async () => {
		let inside = 0;
		let most = 0;
		const work = async (result: number) => {
			most = Math.max(most, ++inside);
			await sleep(2);
			inside--;
			return result;
		};
		const all = [1, 2, 3, 4].map((i) => inTurn(name('one'), 5000, () => work(i)));
		assert.deepEqual(await Promise.all(all), [1, 2, 3, 4]);
		assert.equal(most, 1);
	});

	it('is not waited for by those who do something else', async () => {
		const order: string[] = [];
		await inTurn(name('a'), 5000, () =>
			inTurn(name('b'), 5000, async () => {
				order.push('inner');
			}),
		);
		assert.deepEqual(order, ['inner']);
	});

	it('is free again after a failure', async () => {
		const failing = inTurn(name('fails'), 5000, () => Promise.reject(new Error('no')));
		await assert.rejects(failing, /^Error: no$/);
		const began = performance.now();
		await inTurn(name('fails'), 5000, async () => {});
		assert.ok(performance.now() - began < 4000);
	});

	it('is not waited for without end', async () => {
		const began = performance.now();
		await inTurn(name('held'), 0, () => inTurn(name('held'), 50, async () => {}));
		assert.ok(performance.now() - began >= 50);
	});

	it('is free again when the process that had it is killed', async () => {
		const module = new URL('../../cache/turn.ts', import.meta.url).href;
		const script = `
			const { inTurn } = await import(${JSON.stringify(module)});
			await inTurn(${JSON.stringify(name('killed'))}, 0, async () => {
				console.log('mine');
				await new Promise((resolve) => setTimeout(resolve, 60_000));
			});`;
		const words = ['--import', 'tsx', '--input-type=module', '-e', script];
		const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
		await once(child.stdout, 'data');
		let mine = false;
		const next = inTurn(name('killed'), 30_000, async () => {
			mine = true;
		});
		await sleep(50);
		assert.equal(mine, false);
		child.kill('SIGKILL');
		await next;
		assert.equal(mine, true);
	});
});
