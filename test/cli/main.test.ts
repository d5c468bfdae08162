import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'mocha';
import { jsonSchemas, writeSchemas } from '../../cli/schemas.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.cts', import.meta.url));

/** Runs the program as a process; `reads` says whether anybody reads its output. */
async function program(argv: readonly string[], reads: boolean) {
	const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...argv]);
	let out = '';
	let err = '';
	child.stderr.on('data', (chunk) => {
		err += chunk;
	});
	if (reads) {
		child.stdout.on('data', (chunk) => {
			out += chunk;
		});
	} else {
		child.stdout.destroy();
	}
	const [code] = await once(child, 'close');
	return { code, out, err };
}

describe('the program', () => {
	it('prints to the end and leaves with the exit code', async () => {
		const { code, out } = await program(['range', '--help'], true);
		assert.equal(code, 0);
		assert.match(out, /cannot tell: every release is unknown\n$/);
		assert.equal((await program(['rnge'], true)).code, 2);
	});

	it('ends quietly when nobody reads its output any more', async () => {
		assert.deepEqual(await program(['--help'], false), {
			code: 141,
			out: '',
			err: '',
		});
	});
});

describe('the JSON Schemas of the package', () => {
	it('are written by name and describe every shape that --json prints', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'rangefinder-schema-'));
		try {
			await writeSchemas(join(folder, 'schema'));
			assert.deepEqual((await readdir(join(folder, 'schema'))).sort(), [
				'bisect.schema.json',
				'built.schema.json',
				'completion.schema.json',
				'contains.schema.json',
				'demands.schema.json',
				'doctor.schema.json',
				'each.schema.json',
				'error.schema.json',
				'export.schema.json',
				'index-build.schema.json',
				'index-info.schema.json',
				'index-verify.schema.json',
				'lint.schema.json',
				'log.schema.json',
				'prereqs.schema.json',
				'probe.schema.json',
				'range.schema.json',
				'repair.schema.json',
				'reply.schema.json',
				'series.schema.json',
				'siblings.schema.json',
				'styles.schema.json',
				'tags.schema.json',
			]);
			const text = await readFile(join(folder, 'schema', 'range.schema.json'), 'utf8');
			const schema: unknown = JSON.parse(text);
			assert.deepEqual(schema, JSON.parse(JSON.stringify(jsonSchemas().range)));
			assert.match(text, /"const": "rangefinder\.range\/1"/);
		} finally {
			await rm(folder, { recursive: true });
		}
	});

	it('allow fields that a later program of the same version adds', () => {
		assert.doesNotMatch(JSON.stringify(jsonSchemas()), /"additionalProperties":false/);
	});
});
