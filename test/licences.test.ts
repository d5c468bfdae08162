/** Whatever is installed with the program may be given on with it: the licences that the lockfile names. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';

/** Licences that ask for their notice to be kept, and for nothing more. */
const PERMISSIVE = new Set([
	'0BSD',
	'Apache-2.0',
	'BSD-2-Clause',
	'BSD-3-Clause',
	'BlueOak-1.0.0',
	'ISC',
	'MIT',
	'MIT-0',
	'Unlicense',
	'Zlib',
]);
/** Of tools that are not installed with the program. */
const TOOLS = new Set(['PSF-2.0']);

interface Locked {
	readonly packages: Readonly<
		Record<string, { license?: string; dev?: boolean; hasInstallScript?: boolean }>
	>;
}

const lock = JSON.parse(
	readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'),
) as Locked;
const installed = Object.entries(lock.packages).filter(([path]) => path !== '');

/** Whether one of the alternatives of a licence is allowed; `A AND B` takes both. */
function allowed(licence: string, dev: boolean): boolean {
	return licence
		.replace(/[()]/g, '')
		.split(' OR ')
		.some((one) =>
			one.split(' AND ').every((name) => PERMISSIVE.has(name) || (dev && TOOLS.has(name))),
		);
}

describe('licences', () => {
	it('of all packages are named and permissive', () => {
		const others = installed
			.filter(([, { license = '', dev = false }]) => !allowed(license, dev))
			.map(([path, { license }]) => `${path}: ${license}`);
		assert.deepEqual(others, []);
	});

	it('are told apart', () => {
		assert.ok(allowed('(MIT OR GPL-3.0)', false));
		assert.ok(!allowed('MIT AND GPL-3.0', false));
		assert.ok(!allowed('GPL-2.0-only', true));
		assert.ok(!allowed('', true));
	});
});

describe('dependencies', () => {
	it('have each its line in the README', () => {
		const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
		const { dependencies } = JSON.parse(read('package.json')) as {
			dependencies: Record<string, string>;
		};
		const section = read('README.md').split('## Dependencies')[1] ?? '';
		const rows = section
			.split('\n')
			.filter((line) => line.startsWith('| `'))
			.join('\n');
		const missing = Object.keys(dependencies).filter((name) => !rows.includes(`\`${name}\``));
		assert.deepEqual(missing, []);
	});
});
