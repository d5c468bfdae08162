/**
 * Kbuild Makefiles, as one subject: what a file says (makefile-parse.ts), and the link order and
 * modules that follow from the files together (link-order.ts).
 */

export * from './link-order.ts';
export * from './makefile-parse.ts';
