/** The predicate with which a transition that is seen on a screen is bisected. */
import { printPredicate } from '../../src/history/predicate.ts';

type Operator = '==' | '!=' | '~';

function test(
	subject: 'style' | 'capability',
	name: string,
	operator: Operator,
	value: string,
): string {
	return printPredicate({
		kind: 'test',
		subject,
		args: [name],
		relation: { operator, value },
		column: 1,
	});
}

function stylesOf(text: string | null): string[] {
	return text === null ? [] : text.split(', ');
}

/**
 * What holds of a driver after a transition and not before: a style that came, else one that went. A style is
 * as `styles` prints it, several joined by commas; null where there is no driver.
 */
export function styleChange(driver: string, before: string | null, after: string | null): string {
	if (after === null) return test('style', driver, '==', 'absent');
	if (before === null) return test('style', driver, '!=', 'absent');
	const [old, now] = [stylesOf(before), stylesOf(after)];
	const came = now.find((style) => !old.includes(style));
	if (came !== undefined) return test('style', driver, '~', came);
	const went = old.find((style) => !now.includes(style)) ?? before;
	return `not ${test('style', driver, '~', went)}`;
}

/** What holds of a capability after it changed. */
export function capabilityChange(capability: string, after: string): string {
	return test('capability', capability, '==', after);
}
