/**
 * JSON values as compact bytes. Equal strings, arrays and objects anywhere in the value are stored
 * once, and come back as one shared object: what does not change from release to release costs
 * nothing, on disk and in memory. What comes back is not to be changed.
 */
import { ByteReader, ByteWriter, unzigzag, zigzag } from './index-bytes.ts';

/** Kinds of reference, in the low two bits. */
const INTEGER = 0;
const STRING = 1;
const NODE = 2;
const SPECIAL = 3;
/** Specials from here on are numbers with a fraction, by their text. */
const FRACTION = 3;

/** A reference before node numbers become differences. */
type Ref = readonly [kind: number, value: number];

/**
 * Packs a JSON value. Members that are undefined are left out, as JSON does; key order is kept.
 * @param known strings that the reader has anyway, in the same order; they are not stored.
 * Throws RangeError for what is no JSON (functions, infinities, a `__proto__` key).
 */
export function pack(value: unknown, known: readonly string[] = []): Uint8Array {
	return new Packer(known).pack(value);
}

class Packer {
	readonly #known: number;
	readonly #strings = new Map<string, number>();
	readonly #added: string[] = [];
	readonly #shapes = new Map<string, number>();
	readonly #keys: string[][] = [];
	readonly #nodes = new Map<string, number>();
	readonly #body = new ByteWriter();

	constructor(known: readonly string[]) {
		this.#known = known.length;
		known.forEach((text, i) => {
			if (!this.#strings.has(text)) this.#strings.set(text, i);
		});
	}

	pack(value: unknown): Uint8Array {
		const [kind, number] = this.#ref(value);
		const keys = this.#keys.map((names) => names.map((name) => this.#string(name)));
		const out = new ByteWriter();
		out.varint(this.#known);
		out.varint(this.#added.length);
		for (const text of this.#added) out.varint(text.length);
		out.string(this.#added.join(''));
		out.varint(keys.length);
		for (const names of keys) {
			out.varint(names.length);
			for (const name of names) out.varint(name);
		}
		out.varint(this.#nodes.size);
		out.bytes(this.#body.done());
		out.varint(number * 4 + kind);
		return out.done();
	}

	#ref(value: unknown): Ref {
		switch (typeof value) {
			case 'string':
				return [STRING, this.#string(value)];
			case 'boolean':
				return [SPECIAL, value ? 1 : 2];
			case 'number':
				if (Number.isSafeInteger(value) && Math.abs(value) < 2 ** 49) {
					return [INTEGER, zigzag(value)];
				}
				if (!Number.isFinite(value)) break;
				return [SPECIAL, FRACTION + this.#string(String(value))];
			case 'object':
				if (value === null) return [SPECIAL, 0];
				return Array.isArray(value) ? this.#array(value) : this.#object(value);
		}
		throw new RangeError(`${typeof value} is no JSON`);
	}

	#array(list: readonly unknown[]): Ref {
		return this.#node(
			0,
			list.map((item) => this.#ref(item)),
		);
	}

	#object(value: object): Ref {
		const members = Object.entries(value).filter(([, member]) => member !== undefined);
		const names = members.map(([name]) => name);
		if (names.includes('__proto__')) throw new RangeError('a __proto__ key is no data');
		const id = JSON.stringify(names);
		let shape = this.#shapes.get(id);
		if (shape === undefined) {
			shape = this.#keys.push(names) - 1;
			this.#shapes.set(id, shape);
		}
		return this.#node(
			shape + 1,
			members.map(([, member]) => this.#ref(member)),
		);
	}

	/** A node by its tag and references, stored when it is new. */
	#node(tag: number, refs: readonly Ref[]): Ref {
		const id = `${tag}|${refs.map(([kind, value]) => value * 4 + kind).join(',')}`;
		const found = this.#nodes.get(id);
		if (found !== undefined) return [NODE, found];
		const index = this.#nodes.size;
		this.#nodes.set(id, index);
		this.#body.varint(tag);
		if (tag === 0) this.#body.varint(refs.length);
		let before = index;
		for (const [kind, value] of refs) {
			// Differences between neighbours repeat from version to version; node numbers do not.
			this.#body.varint((kind === NODE ? zigzag(value - before) : value) * 4 + kind);
			if (kind === NODE) before = value;
		}
		return [NODE, index];
	}

	#string(text: string): number {
		let index = this.#strings.get(text);
		if (index === undefined) {
			index = this.#known + this.#added.push(text) - 1;
			this.#strings.set(text, index);
		}
		return index;
	}
}

/**
 * The value that {@link pack} made into bytes. Equal parts of it are one shared object.
 * @param known the strings that were given to pack. Throws RangeError for bytes that pack never made.
 */
export function unpack(bytes: Uint8Array, known: readonly string[] = []): unknown {
	const from = new ByteReader(bytes);
	if (from.varint() !== known.length) throw new RangeError('made with other known strings');
	const strings = [...known, ...readStrings(from)];
	const shapes = readShapes(from, strings);
	const nodes: unknown[] = new Array(from.count());
	const members = new Members(from, strings, nodes);
	for (let i = 0; i < nodes.length; i++) {
		const tag = from.varint();
		members.begin(i);
		if (tag === 0) {
			const list: unknown[] = new Array(from.count());
			for (let k = 0; k < list.length; k++) list[k] = members.next();
			nodes[i] = list;
		} else {
			const shape = shapes[tag - 1];
			if (shape === undefined) throw new RangeError('a part of unknown shape');
			const made: Record<string, unknown> = {};
			for (let k = 0; k < shape.length; k++) made[shape[k] ?? ''] = members.next();
			nodes[i] = made;
		}
	}
	const ref = from.varint();
	const value = (ref - (ref % 4)) / 4;
	if (from.left > 0) throw new RangeError('there is more than there should be');
	if (ref % 4 !== NODE) {
		return ref % 4 === INTEGER ? unzigzag(value) : leaf(ref % 4, value, strings);
	}
	if (value >= nodes.length) throw new RangeError('a part is missing');
	return nodes[value];
}

/** Reads the members of one node after the other. */
class Members {
	readonly #from: ByteReader;
	readonly #strings: readonly string[];
	readonly #nodes: readonly unknown[];
	#own = 0;
	#before = 0;

	constructor(from: ByteReader, strings: readonly string[], nodes: readonly unknown[]) {
		this.#from = from;
		this.#strings = strings;
		this.#nodes = nodes;
	}

	/** The members that follow are those of node `own`. */
	begin(own: number): void {
		this.#own = own;
		this.#before = own;
	}

	next(): unknown {
		const ref = this.#from.varint();
		const kind = ref % 4;
		const value = (ref - kind) / 4;
		if (kind === INTEGER) return unzigzag(value);
		if (kind !== NODE) return leaf(kind, value, this.#strings);
		const at = this.#before + unzigzag(value);
		if (at < 0 || at >= this.#own) throw new RangeError('a part stands before its parts');
		this.#before = at;
		return this.#nodes[at];
	}
}

function leaf(kind: number, value: number, strings: readonly string[]): unknown {
	if (kind === SPECIAL && value < FRACTION) return value === 0 ? null : value === 1;
	const text = strings[kind === STRING ? value : value - FRACTION];
	if (text === undefined) throw new RangeError('a string is missing');
	return kind === STRING ? text : Number(text);
}

function readStrings(from: ByteReader): string[] {
	const lengths: number[] = new Array(from.count());
	for (let i = 0; i < lengths.length; i++) lengths[i] = from.varint();
	const all = from.string();
	let at = 0;
	return lengths.map((length) => {
		at += length;
		return all.slice(at - length, at);
	});
}

function readShapes(from: ByteReader, strings: readonly string[]): string[][] {
	const shapes: string[][] = [];
	for (let left = from.count(); left > 0; left--) {
		const names: string[] = [];
		for (let k = from.count(); k > 0; k--) {
			const name = strings[from.varint()];
			if (name === undefined || name === '__proto__') throw new RangeError('a key is missing');
			names.push(name);
		}
		shapes.push(names);
	}
	return shapes;
}
