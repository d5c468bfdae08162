/** The messages of everything that was named, one after the other. What cannot be read is told, and passed over. */
import { failureOf, RangefinderError } from '../../src/errors.ts';
import type { ObjectStore } from '../../src/git/store.ts';
import type { EngineWorld } from '../engine.ts';
import { describeFailure } from '../failures.ts';
import { kindOfInput, sourceOf } from '../input.ts';
import type { Broken, EachMessage } from './model.ts';

/** What was named: files, folders, commits and ranges; `listed` when the names came on standard input. */
export interface Named {
	readonly names: Iterable<string> | AsyncIterable<string>;
	readonly listed: boolean;
}

/** Reads all inputs. `store` opens the repository, once a name is neither file nor folder. */
export async function* messagesOfNames(
	{ names, listed }: Named,
	world: EngineWorld,
	store: () => Promise<ObjectStore | undefined>,
): AsyncGenerator<EachMessage> {
	let index = 0;
	let input = -1;
	const one = (where: string, content: EachMessage['content']) => ({
		index: ++index,
		input,
		where,
		content,
	});
	for await (const name of names) {
		input++;
		let any = false;
		try {
			if (name === '-' && listed) throw dashInList();
			const known = name === '-' || (await kindOfInput(name, world)) !== undefined;
			const source = await sourceOf(
				name,
				world,
				known ? undefined : await store(),
				Number.POSITIVE_INFINITY,
			);
			for await (const { bytes, where, problem } of source.messages) {
				any = true;
				const { commit } = source;
				const message = one(where, problem === undefined ? bytes : broken(problem));
				yield commit === undefined ? message : { ...message, commit };
			}
			if (!any) yield one(name, broken(new RangefinderError({ code: 'input-empty', where: name })));
		} catch (error) {
			// A mistake of the program's own is said once, by whoever runs it.
			if (failureOf(error) === undefined) throw error;
			yield one(name, broken(error));
		}
	}
	if (input < 0) {
		const where = 'standard input';
		yield one(where, broken(new RangefinderError({ code: 'input-empty', where })));
	}
}

function broken(error: unknown): Broken {
	const { report, exitCode } = describeFailure(error);
	return { report, exit: exitCode };
}

function dashInList(): RangefinderError {
	return new RangefinderError({
		code: 'usage',
		what: '- in a list of names',
		hint: 'standard input has the list; name a file',
	});
}
