/** Blocks of plain C, made up; and what becomes of blocks by one change. */
import fc from 'fast-check';

const { block } = fc.letrec<Record<string, string>>((tie) => {
	const name = fc.constantFrom('a', 'b', 'ret', 'dev', 'u32', 'foo', 'list');
	const literal = fc.constantFrom('0', '0x1fUL', "' '", '"  "', '" " ""', 'NULL', 'true');
	const asterisks = fc.constantFrom('', '*', '**');
	const type = fc.oneof(
		fc.constantFrom('int', 'unsigned', 'unsigned long', 'long long int', 'void', 'size_t'),
		fc.constantFrom('struct s', 'const struct s', 'union u', 'enum e', 'foo_t', 'const char'),
	);
	const text = (parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
		fc
			.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
			.map((all) => all.join(' '));
	const e = tie('expression');
	const list = fc.array(e, { maxLength: 3 }).map((all) => all.join(', '));
	const place = fc.oneof(
		name,
		text([name, '->', name]),
		text([name, '[', e, ']']),
		text(['*', name]),
	);
	return {
		expression: fc.oneof(
			{ depthSize: 'small', withCrossShrink: true },
			name,
			literal,
			place,
			text([name, '(', list, ')']),
			text([name, '.', name, '(', list, ')']),
			text([e, fc.constantFrom('+', '-', '*', '&', '&&', '||', '==', '<<', '<', '|'), e]),
			text([fc.constantFrom('!', '-', '~', '&', '*'), name, '(', list, ')']),
			text(['(', type, asterisks, ')', name, '(', list, ')']),
			text(['(', e, ')']),
			text(['sizeof (', type, asterisks, ')']),
			text(['sizeof ( *', name, ')']),
			text([name, '?', e, ':', name]),
			text([place, fc.constantFrom('=', '+=', '|=', '<<='), e]),
			text([name, '++']),
		),
		statement: fc.oneof(
			{ depthSize: 'small', withCrossShrink: true },
			text([e, ';']),
			text([name, '(', list, ') ;']),
			text(['return', e, ';']),
			fc.constantFrom(';', 'break ;', 'continue ;', 'return ;', 'goto out ;'),
			text(['if (', e, ')', tie('statement')]),
			text(['if (', e, ')', tie('statement'), 'else', tie('statement')]),
			text(['while (', e, ')', tie('statement')]),
			text(['do', tie('statement'), 'while (', e, ') ;']),
			text(['for (', e, ';', e, ';', list, ')', tie('statement')]),
			text(['for ( int i = 0 ; ;', e, ')', tie('statement')]),
			text(['switch (', e, ') { case A :', tie('statement'), 'default :', tie('statement'), '}']),
			text(['out :', tie('statement')]),
			tie('block'),
		),
		declaration: text([
			fc.constantFrom('', 'static', 'register'),
			type,
			asterisks,
			name,
			fc.constantFrom('', '[ 4 ]', '[ ]'),
			fc.oneof(fc.constant(''), text(['=', e])),
			fc.oneof(fc.constant(''), text([',', '*', name, '=', e])),
			';',
		]),
		block: fc
			.array(fc.oneof(tie('declaration'), tie('statement')), { maxLength: 4 })
			.map((all) => `{ ${all.join(' ')} }`),
	};
});

/** Blocks of plain C, or nearly so. */
export const blocks: fc.Arbitrary<string> = block ?? fc.constant('{ }');

/** Words that another word may become. */
export const WORDS = [
	...'( ) { } [ ] ; , * & && = == += + - -- ++ . -> ? : ! ~ < << | || / %'.split(' '),
	...'if else for while do case default return goto break switch int long void size_t'.split(' '),
	...'unsigned static const struct enum sizeof typeof NULL true x foo u32 out 5 0x1 1.5'.split(' '),
	...['foo ( x )', '( u32 )', '( struct s * )', '" "', "' '", '__extension__', '#', '...', '@'],
];

const WORD = /[A-Za-z_]\w*|\d[\w.]*|" *"|' *'|->|&&|\|\||<<|>>|[=!<>]=|\+\+|--|\S/g;

/** What is done to the words of a text: one goes, comes, becomes another, or two change places. */
export interface Change {
	readonly how: 'without' | 'with' | 'for' | 'swapped';
	/** Where, of 0 to 1. */
	readonly at: number;
	readonly other: number;
	readonly word: string;
}

export const changes: fc.Arbitrary<Change> = fc.record({
	how: fc.constantFrom('without', 'with', 'for', 'swapped'),
	at: fc.double({ min: 0, max: 0.999, noNaN: true }),
	other: fc.double({ min: 0, max: 0.999, noNaN: true }),
	word: fc.constantFrom(...WORDS),
});

/** A block after a change within its braces. */
export function changed(text: string, { how, at, other, word }: Change): string {
	const words = text.match(WORD) ?? [];
	const place = (share: number) => 1 + Math.floor(share * Math.max(0, words.length - 2));
	const [one, two] = [place(at), place(other)];
	if (how === 'without') words.splice(one, 1);
	else if (how === 'with') words.splice(one, 0, word);
	else if (how === 'for') words[one] = word;
	else [words[one], words[two]] = [words[two] ?? '', words[one] ?? ''];
	return words.join(' ');
}
