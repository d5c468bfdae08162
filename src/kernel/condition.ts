/**
 * Conditions on CONFIG values, as one subject: the `when` language and its algebra
 * (condition-algebra.ts), and what the C preprocessor makes of it (condition-preprocessor.ts).
 */

export * from './condition-algebra.ts';
export * from './condition-preprocessor.ts';
