/**
 * Makes inputs out of inputs: bits, bytes, lines and numbers are changed, parts are cut, copied,
 * repeated until they are large, nested deep, and put together from two inputs.
 */
import type { Random } from './random.ts';

/** No input is larger, in bytes. */
export const LARGEST_INPUT = 256 * 1024;
/** What is not blown up on purpose stays below this, so that there are many tries a second. */
const USUAL = 16 * 1024;

/** What a parser's inputs are made of. */
export interface Vocabulary {
	/** Words that mean something to the parser. */
	words: readonly string[];
	/** What opens and closes, for nesting: `['(', ')']`. */
	pairs: readonly (readonly [string, string])[];
}

type Mutation = (input: Buffer, random: Random, vocabulary: Vocabulary) => Buffer;

/** Numbers at which parsers break. */
const NUMBERS = [
	...['0', '1', '-1', '00', '7', '65536', '2147483647', '2147483648', '4294967295', '4294967296'],
	...['9007199254740993', '99999999999999999999', '0x7fffffff', '1e309', '٣'],
];
/** Bytes that texts seldom have: controls, ends of lines of others, broken and odd UTF-8. */
const ODD = [
	...['\0', '\r', '\r\n', '\n', '\t', '\v', '\f', '\u001b[31m', '\u007f', '\u0085', '\u00a0'],
	...['\u2028', '\ufeff', '\u202e', '\u{1f600}', 'é', '\\', '"', "'"],
]
	.map((text) => Buffer.from(text))
	.concat([Buffer.of(0xff), Buffer.of(0xed, 0xa0, 0x80), Buffer.of(0xc0, 0x80), Buffer.of(0xe2)]);

function replaced(input: Buffer, from: number, to: number, by: Uint8Array): Buffer {
	return Buffer.concat([input.subarray(0, from), by, input.subarray(to)]);
}

/** A part of an input: mostly short, seldom any. */
function part(input: Buffer, random: Random): [from: number, to: number] {
	const from = random.below(input.length + 1);
	const longest = random.chance(0.7) ? Math.min(32, input.length - from) : input.length - from;
	return [from, from + random.below(longest + 1)];
}

/** A whole line with its end. */
function line(input: Buffer, random: Random): [from: number, to: number] {
	const at = random.below(input.length + 1);
	const from = at === 0 ? 0 : input.lastIndexOf(10, at - 1) + 1;
	const end = input.indexOf(10, from);
	return [from, end < 0 ? input.length : end + 1];
}

/** A run of bytes of one kind. */
function run(input: Buffer, random: Random, is: (byte: number) => boolean): [number, number] {
	let from = random.below(input.length);
	while (from < input.length && !is(input[from] ?? 0)) from++;
	let to = from;
	while (to < input.length && is(input[to] ?? 0)) to++;
	return [from, to];
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
const isWord = (byte: number): boolean => isDigit(byte) || byte === 95 || (byte | 32) - 97 < 26;

function aWord(random: Random, { words }: Vocabulary): Buffer {
	return Buffer.from(random.pick(words));
}

const MUTATIONS: readonly Mutation[] = [
	function flipBit(input, random) {
		const out = Buffer.from(input);
		const at = random.below(out.length);
		if (out.length > 0) out[at] = (out[at] ?? 0) ^ (1 << random.below(8));
		return out;
	},
	function setByte(input, random) {
		const out = Buffer.from(input);
		if (out.length > 0) out[random.below(out.length)] = random.below(256);
		return out;
	},
	function insertOdd(input, random) {
		const at = random.below(input.length + 1);
		return replaced(input, at, at, random.pick(ODD));
	},
	function insertWord(input, random, vocabulary) {
		const at = random.below(input.length + 1);
		return replaced(input, at, at, aWord(random, vocabulary));
	},
	function insertWordAtLine(input, random, vocabulary) {
		const [at] = line(input, random);
		return replaced(input, at, at, aWord(random, vocabulary));
	},
	function replaceWord(input, random, vocabulary) {
		const [from, to] = run(input, random, isWord);
		return replaced(input, from, to, aWord(random, vocabulary));
	},
	function replaceNumber(input, random) {
		const [from, to] = run(input, random, isDigit);
		return replaced(input, from, to, Buffer.from(random.pick(NUMBERS)));
	},
	function cut(input, random) {
		return replaced(input, ...part(input, random), Buffer.alloc(0));
	},
	function cutLine(input, random) {
		return replaced(input, ...line(input, random), Buffer.alloc(0));
	},
	function truncate(input, random) {
		return input.subarray(0, random.below(input.length + 1));
	},
	function copyPart(input, random) {
		const [from, to] = part(input, random);
		const at = random.below(input.length + 1);
		return replaced(input, at, at, input.subarray(from, to));
	},
	function copyLine(input, random) {
		const [from, to] = line(input, random);
		const [at] = line(input, random);
		return replaced(input, at, at, input.subarray(from, to));
	},
	function nest(input, random, vocabulary) {
		const [open, close] = random.pick(vocabulary.pairs);
		const depth = 1 + random.below(random.chance(0.05) ? 20_000 : 80);
		const [from, to] = part(input, random);
		const inner = [Buffer.from(open.repeat(depth)), input.subarray(from, to)];
		if (random.chance(0.8)) inner.push(Buffer.from(close.repeat(depth)));
		return replaced(input, from, to, Buffer.concat(inner));
	},
];

/** A part repeated until the input is large. */
function blowUp(input: Buffer, random: Random, vocabulary: Vocabulary): Buffer {
	const [from, to] = random.chance(0.5) ? line(input, random) : part(input, random);
	const chosen = random.chance(0.2) || from === to;
	const piece = chosen ? aWord(random, vocabulary) : input.subarray(from, to);
	const size = 1 << (10 + random.below(9));
	const times = Math.max(1, Math.floor((size - input.length) / Math.max(1, piece.length)));
	const copies: Buffer[] = [];
	const numbered = random.chance(0.3);
	for (let i = 0; i < times; i++) {
		copies.push(piece);
		// Copies that differ keep what is remembered by name from hiding the cost.
		if (numbered) copies.push(Buffer.from(`${i}`));
	}
	return replaced(input, from, from, Buffer.concat(copies));
}

/** The start of one input and the end of another. */
function splice(input: Buffer, other: Buffer, random: Random): Buffer {
	const head = input.subarray(0, random.below(input.length + 1));
	return Buffer.concat([head, other.subarray(random.below(other.length + 1))]);
}

/** One input made from those there are. */
export function mutated(inputs: readonly Buffer[], random: Random, vocabulary: Vocabulary): Buffer {
	let input = random.pick(inputs);
	if (random.chance(0.15)) input = splice(input, random.pick(inputs), random);
	for (let more = 1 + random.below(6); more > 0; more--) {
		input = random.pick(MUTATIONS)(input, random, vocabulary);
	}
	if (input.length > USUAL) input = input.subarray(0, USUAL);
	if (random.chance(0.02)) input = blowUp(input, random, vocabulary);
	return input.subarray(0, LARGEST_INPUT);
}
