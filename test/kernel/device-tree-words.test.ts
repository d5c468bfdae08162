/** Names of device trees as numbers, and statements in them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Words } from '../../src/kernel/device-tree-words.ts';
import { scanDeviceTree } from './boards.ts';

describe('words of device trees', () => {
	const latin1 = fc
		.array(fc.integer({ min: 0, max: 255 }), { maxLength: 12 })
		.map((bytes) => Buffer.from(bytes));

	it('have one number each, found from text or from bytes', () => {
		fc.assert(
			fc.property(fc.array(latin1, { maxLength: 200 }), (all) => {
				const words = new Words();
				const known = new Map<string, number>();
				for (const [i, bytes] of all.entries()) {
					const text = bytes.toString('latin1');
					const around = Buffer.concat([Buffer.from('<'), bytes, Buffer.from('>')]);
					const id = i % 2 === 0 ? words.of(text) : words.at(around, 1, 1 + bytes.length);
					assert.equal(id, known.get(text) ?? id);
					assert.equal(words.text(id), text);
					known.set(text, id);
				}
				assert.equal(words.size, known.size);
				for (const [text, id] of known) {
					assert.equal(words.of(text), id);
					assert.equal(words.at(Buffer.from(text, 'latin1'), 0, text.length), id);
				}
			}),
		);
	});

	it('are told apart where thousands of them fall on the same slots', () => {
		const words = new Words();
		// More than the first table takes, several times over.
		const texts = Array.from({ length: 20_000 }, (_, i) => `n${i}`);
		const ids = texts.map((text) => words.of(text));
		assert.equal(new Set(ids).size, texts.length);
		assert.deepEqual(
			texts.map((text) => words.at(Buffer.from(text), 0, text.length)),
			ids,
		);
		assert.equal(words.size, texts.length);
	});
});

describe('a scanned device tree', () => {
	it('gives its statements back as they were', () => {
		const text = `/dts-v1/;
#include "soc.dtsi"
#include <dt-bindings/x.h>
#define NODE compatible = "acme,mmu", "b"
/include/ "old.dtsi"
a: / {
	quiet { reg = <1>; deeper { }; };
	b: c: n@1 { compatible = "acme,mmu"; status = <1>; iommus = <&a 1>, <&{/x/y} 2>; };
	empty: e { };
	/delete-node/ n@2;
	/delete-property/ status;
	/delete-property/ reg;
};
&b { status = "okay"; mmu-masters = <&a>; };
&{/n@1} { x = "}"; };
/delete-node/ &b;
#include NAME
}
/ { m { x = <1> }`;
		assert.deepEqual(scanDeviceTree(text).statements(), [
			['include', 'soc.dtsi', true, 2],
			['include', 'dt-bindings/x.h', false, 3],
			['macro', ['acme,mmu', 'b'], 4],
			['include', 'old.dtsi', true, 5],
			['node', '/', ['a'], 6],
			['node', 'n@1', ['b', 'c'], 8],
			['compatible', ['acme,mmu'], 8],
			['status', null, 8],
			['refers', 'iommus', ['a', '/x/y'], 8],
			['end'],
			['node', 'e', ['empty'], 9],
			['end'],
			['delete-node', 'n@2', false],
			['delete-property', 'status'],
			['end'],
			['ref', 'b', [], 14],
			['status', 'okay', 14],
			['refers', 'mmu-masters', ['a'], 14],
			['end'],
			['delete-node', 'b', true],
			['odd', 'an include by a macro', 17],
			['odd', 'a brace too many', 18],
			['node', '/', [], 19],
			['node', 'm', [], 19],
			['odd', 'the value of x does not end', 19],
			['end'],
			['odd', 'a node is not closed', 19],
		]);
	});
});
