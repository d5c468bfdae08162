/** The text of src/patch/xdiff-wasm.ts, compiled anew. Throws what the compiler says. */
export function compiledModule(): Promise<string>;
