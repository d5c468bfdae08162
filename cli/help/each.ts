/** The help of a command that takes many patches, with what it says about that before its exit codes. */
export function withEach(help: string, command: 'range' | 'tags' | 'lint'): string {
	const exit = command === 'lint' ? '1 if anything was found in any' : '0 if it is 0 for any patch';
	const each = `Many patches:
  rangefinder ${command} --each inbox.mbox --json >answers
  rangefinder ${command} --each inbox.mbox --json --resume answers >all-answers
  rangefinder ${command} queue/ mail.txt v6.1..v6.2 --repo ~/linux-stable
  git rev-list v6.1..v6.2 drivers/iommu | rangefinder ${command} --stdin
  find queue -name '*.patch' -print0 | rangefinder ${command} -0 -j 4

Every patch is answered on its own, not on top of those before it, in the order
of the input. With --json each is one line, with its place under "item"; one
that fails is a line of rangefinder.error/1, and the others go on. Messages
without a patch (cover letters) are passed over. The exit code is that of the
worst failure (70, 3, 2); without one it is
${exit}.`;
	return help.replace('\nExit codes:', () => `\n${each}\n\nExit codes:`);
}
