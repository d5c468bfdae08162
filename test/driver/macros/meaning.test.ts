import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { macroFacts, macroFactsOfParts } from '../../../src/driver/macros/definitions.ts';
import { expand } from '../../../src/driver/macros/expand.ts';
import { meaningOf } from '../../../src/driver/macros/meaning.ts';
import { includedPaths, MacroScopes } from '../../../src/driver/macros/scope.ts';
import { cpuTime } from '../../cpu.ts';

const scopesOf = (files: Record<string, string>): MacroScopes =>
	new MacroScopes(new Map(Object.entries(files).map(([path, text]) => [path, macroFacts(text)])));

const macrosOf = (text: string) => scopesOf({ 'a.h': text });

const expanded = (text: string, macros: string): string => {
	const scopes = macrosOf(macros);
	return expand(text, (name) => scopes.find(name, 'a.h')?.macro)
		.tokens.map((token) => token.text)
		.join(' ');
};

const meaning = (invocation: string, scopes: MacroScopes, from = 'drivers/a.c') => {
	const [, macro = '', list = ''] = /^(\w+)\((.*)\)$/.exec(invocation) ?? [];
	const args = list.split(',').map((one) => one.trim());
	return meaningOf({ macro, line: 1, end: 1, args }, from, scopes);
};

/** Initcalls as kernels of about 2008 define them: the level is a string. */
const OLD = `#ifndef MODULE
#define __define_initcall(level,fn,id) \\
	static initcall_t __initcall_##fn##id __used \\
	__attribute__((__section__(".initcall" level ".init"))) = fn
#define core_initcall(fn)	__define_initcall("1",fn,1)
#define fs_initcall_sync(fn)	__define_initcall("5s",fn,5s)
#define rootfs_initcall(fn)	__define_initcall("rootfs",fn,rootfs)
#define device_initcall(fn)	__define_initcall("6",fn,6)
#define __initcall(fn) device_initcall(fn)
#define console_initcall(fn) \\
	static initcall_t __initcall_##fn \\
	__used __section(.con_initcall.init) = fn
#define module_init(x)	__initcall(x);
#else
#define core_initcall(fn)	module_init(fn)
#define module_init(initfn) int init_module(void) __attribute__((alias(#initfn)));
#endif`;

/** As they are since links are made with LTO: a stub in assembler, and a name of many parts. */
const NEW = `#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H
#define __initcall_id(fn) __PASTE(__KBUILD_MODNAME, __PASTE(__, __PASTE(__COUNTER__, fn)))
#define ___PASTE(a, b) a##b
#define __PASTE(a, b) ___PASTE(a, b)
#define __initcall_name(prefix, __iid, id) __PASTE(__, __PASTE(prefix, __PASTE(__, __PASTE(__iid, id))))
#ifdef CONFIG_LTO_CLANG
#define __initcall_section(__sec, __iid) #__sec ".init.." #__iid
#define __initcall_stub(fn, __iid, id) __initcall_name(initstub, __iid, id)
#define __define_initcall_stub(__stub, fn) \\
	int __init __stub(void); \\
	int __init __stub(void) { return fn(); } \\
	__ADDRESSABLE(__stub)
#else
#define __initcall_section(__sec, __iid) #__sec ".init"
#define __initcall_stub(fn, __iid, id) fn
#define __define_initcall_stub(__stub, fn) __ADDRESSABLE(fn)
#endif
#ifdef CONFIG_HAVE_ARCH_PREL32_RELOCATIONS
#define ____define_initcall(fn, __stub, __name, __sec) \\
	__define_initcall_stub(__stub, fn) \\
	asm(".section	\\"" __sec "\\", \\"a\\"		\\n" \\
	    __stringify(__name) ":			\\n" \\
	    ".long	" __stringify(__stub) " - .	\\n" \\
	    ".previous					\\n");
#else
#define ____define_initcall(fn, __unused, __name, __sec) \\
	static initcall_t __name __used __attribute__((__section__(__sec))) = fn;
#endif
#define __unique_initcall(fn, id, __sec, __iid) \\
	____define_initcall(fn, __initcall_stub(fn, __iid, id), \\
		__initcall_name(initcall, __iid, id), __initcall_section(__sec, __iid))
#define ___define_initcall(fn, id, __sec) __unique_initcall(fn, id, __sec, __initcall_id(fn))
#define __define_initcall(fn, id) ___define_initcall(fn, id, .initcall##id)
#define postcore_initcall_sync(fn)	__define_initcall(fn, 2s)
#define device_initcall(fn)	__define_initcall(fn, 6)
#define console_initcall(fn)	___define_initcall(fn, con, .con_initcall)
#define __stringify_1(x...) #x
#define __stringify(x...) __stringify_1(x)
#ifndef MODULE
#define module_init(x) device_initcall(x);
#endif
#define module_driver(__driver, __register, __unregister, ...) \\
static int __init __driver##_init(void) \\
{ \\
	return __register(&(__driver) , ##__VA_ARGS__); \\
} \\
module_init(__driver##_init); \\
static void __exit __driver##_exit(void) \\
{ \\
	__unregister(&(__driver) , ##__VA_ARGS__); \\
} \\
module_exit(__driver##_exit);
#define builtin_driver(__driver, __register, ...) \\
static int __init __driver##_init(void) { return __register(&(__driver) , ##__VA_ARGS__); } \\
device_initcall(__driver##_init);
#endif`;

describe('the macros of a file', () => {
	it('have parameters, bodies without comments, and the condition around them', () => {
		const { macros } = macroFacts(
			[
				'#ifndef _A_H /* once */',
				'#define _A_H',
				'/* #define NOT_THIS(x) x',
				'#define NOR_THIS(x) x */',
				'#define PLAIN other_name // says nothing',
				'#define NUMBER 0x10',
				'#ifdef MODULE',
				'#define two(a, b) \\',
				'	a /* first */ + \\',
				'	b',
				'#else',
				'#define many(first, others...) first(others)',
				'#endif',
				'char *s = "#define IN_A_STRING(x) x";',
				'#endif',
			].join('\n'),
		);
		assert.deepEqual(macros, [
			{ name: 'PLAIN', body: 'other_name', line: 5, when: '' },
			{ name: 'two', params: ['a', 'b'], body: 'a + b', line: 8, when: 'defined(MODULE)' },
			{
				name: 'many',
				params: ['first'],
				rest: 'others',
				body: 'first(others)',
				line: 12,
				when: '!defined(MODULE)',
			},
		]);
	});

	it('come with what the file includes', () => {
		const { includes } = macroFacts('#include <linux/init.h>\n# include "../a.h"\n#include X\n');
		assert.deepEqual(includes, [
			{ path: 'linux/init.h', beside: false },
			{ path: '../a.h', beside: true },
		]);
		assert.deepEqual(
			includes.flatMap((one) => includedPaths(one, 'drivers/x/b.c').slice(0, 1)),
			['include/linux/init.h', 'drivers/a.h'],
		);
		assert.deepEqual(includedPaths({ path: '../../../../etc/x', beside: true }, 'a/b.c'), []);
		// Of a source, where: it is compiled there.
		const source = macroFactsOfParts([
			{ text: 'int a;\n', lines: 1, directiveLines: undefined },
			{ text: '\n#include "b.c"\n', lines: 2, directiveLines: undefined },
		]);
		assert.deepEqual(source.includes, [{ path: 'b.c', beside: true, line: 3 }]);
	});

	it('are read in linear time, whatever is left open', () => {
		for (const piece of ['/*', '"\\\n', "'\\a", '#define X(\\\n', '#if /* ', '#/']) {
			assert.ok(macroFacts(piece.repeat(40_000)).macros.length < 10, piece);
		}
	});
});

describe('expansion', () => {
	it('puts in arguments, strings and pastes, and scans again', () => {
		assert.equal(expanded('F(1, b)', '#define F(a, b) a b G(b)\n#define G(x) [x]'), '1 b [ b ]');
		assert.equal(expanded('S(a "q" \\ b)', '#define S(x) #x'), '"a \\"q\\" \\\\ b"');
		assert.equal(expanded('P(in, it)', '#define P(a, b) a##b##_x'), 'init_x');
		assert.equal(expanded('P(,b)', '#define P(a, b) a##b'), 'b');
		assert.equal(expanded('A(3)', '#define A B\n#define B(x) <x>'), '< 3 >');
		assert.equal(expanded('F(G(1))', '#define F(x) #x x\n#define G(x) g x'), '"G(1)" g 1');
	});

	it('knows the comma of GNU before variable arguments', () => {
		const macros = '#define V(f, ...) f(0, ##__VA_ARGS__)\n#define N(f, r...) f(r)';
		assert.equal(expanded('V(g)', macros), 'g ( 0 )');
		assert.equal(expanded('V(g, 1, 2)', macros), 'g ( 0 , 1 , 2 )');
		assert.equal(expanded('N(g, 1, (2, 3))', macros), 'g ( 1 , ( 2 , 3 ) )');
	});

	it('does not expand a name within itself, and ends on macros that go round in circles', () => {
		assert.equal(expanded('F(1)', '#define F(x) F(x) + 1'), 'F ( 1 ) + 1');
		assert.equal(expanded('A', '#define A B\n#define B C\n#define C A x'), 'A x');
		assert.equal(expanded('F(1)', '#define F(x) G(x)\n#define G(x) F(x)'), 'F ( 1 )');
	});

	it('gives up on an expansion that grows without end', () => {
		const lines = ['#define X0(a) a a a a a a a a'];
		for (let i = 1; i < 30; i++) lines.push(`#define X${i}(a) X${i - 1}(X${i - 1}(a a))`);
		const scopes = macrosOf(lines.join('\n'));
		const began = cpuTime();
		const { gaveUp } = expand('X29(y)', (name) => scopes.find(name, 'a.h')?.macro);
		assert.equal(gaveUp, true);
		assert.ok(cpuTime() - began < 2000);
		const many = `F(${'('.repeat(50_000)}`;
		assert.equal(
			expand(many, () => ({ name: 'F', params: [], body: '', line: 1, when: '' })).gaveUp,
			true,
		);
	});

	it('leaves an invocation alone that nothing closes', () => {
		assert.equal(expanded('F(1', '#define F(x) x'), 'F ( 1');
		assert.equal(expanded('F', '#define F(x) x'), 'F');
	});
});

describe('what a macro at file scope means', () => {
	const level = (invocation: string, header: string) => {
		const found = meaning(invocation, scopesOf({ 'include/linux/init.h': header }));
		const { name, sync } = found?.level ?? { name: 'none', sync: false };
		return { level: `${name}${sync ? '_sync' : ''}`, fn: found?.runs.includes('fn') };
	};

	it('is an initcall, of kernels of any age', () => {
		assert.deepEqual(level('core_initcall(fn)', OLD), { level: 'core', fn: true });
		assert.deepEqual(level('fs_initcall_sync(fn)', OLD), { level: 'fs_sync', fn: true });
		assert.deepEqual(level('rootfs_initcall(fn)', OLD), { level: 'rootfs', fn: true });
		assert.deepEqual(level('console_initcall(fn)', OLD), { level: 'early', fn: true });
		assert.deepEqual(level('module_init(fn)', OLD), { level: 'device', fn: true });
		assert.deepEqual(level('postcore_initcall_sync(fn)', NEW), {
			level: 'postcore_sync',
			fn: true,
		});
		assert.deepEqual(level('console_initcall(fn)', NEW), { level: 'early', fn: true });
		assert.deepEqual(level('module_init(fn)', NEW), { level: 'device', fn: true });
	});

	it('is nothing where the macro does nothing, or is not known', () => {
		const scopes = macrosOf('#define module_init(...)\n#define NOTE(x) static const char *n = #x;');
		assert.equal(meaning('module_init(fn)', scopes), undefined);
		assert.equal(meaning('NOTE(fn)', scopes), undefined);
		assert.equal(meaning('gone_initcall(fn)', scopes), undefined);
	});

	it('is the registration of a driver by a function that the macro makes, whatever its name', () => {
		const scopes = scopesOf({
			'include/linux/init.h': NEW,
			'include/linux/frob.h': `#include <linux/init.h>
#define frob_driver_register(drv) __frob_register(drv, THIS_MODULE)
#define frob_module_driver(__d) module_driver(__d, frob_driver_register, frob_driver_unregister)
#define frob_now(__d, __pr) builtin_driver(__d, frob_driver_probe, __pr)`,
			'drivers/a.c': '#include <linux/frob.h>\n#define quick(x) frob_module_driver(x##_driver)',
		});
		for (const one of ['frob_module_driver(my_driver)', 'quick(my)']) {
			const found = meaning(one, scopes);
			assert.equal(found?.level?.name, 'device', one);
			const call = found?.calls.find(({ args }) => args.includes('my_driver'));
			assert.deepEqual(call, { callee: '__frob_register', args: ['my_driver', 'THIS_MODULE'] });
			assert.equal(found?.runs.includes('my_driver_exit'), false);
		}
		const probed = meaning('frob_now(my_driver, my_probe)', scopes);
		const call = probed?.calls.find(({ callee }) => callee === 'frob_driver_probe');
		assert.deepEqual(call?.args, ['my_driver', 'my_probe']);
	});

	it('is an entry of a linker list, of U-Boot of any age', () => {
		const lists: [string, string][] = [
			[
				`#define ll_entry_declare(_type, _name, _section_u, _section_d) \\
	_type _u_boot_list_##_section_u##_##_name __attribute__((unused, aligned(4), \\
	section(".u_boot_list."#_section_d"."#_name)))
#define U_BOOT_DRIVER(__name) ll_entry_declare(struct driver, __name, driver, driver)`,
				'driver',
			],
			[
				`#define ll_entry_declare(_type, _name, _list) \\
	_type _u_boot_list_2_##_list##_2_##_name __aligned(4) \\
	__attribute__((unused, section(".u_boot_list_2_"#_list"_2_"#_name)))
#define U_BOOT_DRIVER(__name) ll_entry_declare(struct driver, __name, driver)`,
				'driver',
			],
			[
				`#define ll_entry_declare(_type, _name, _list) \\
	_type _u_boot_list_2_##_list##_2_##_name __aligned(4) \\
	__attribute__((unused)) __section("__u_boot_list_2_"#_list"_2_"#_name)
#define U_BOOT_DRIVER(__name) ll_entry_declare(struct driver, __name, driver_list)`,
				'driver_list',
			],
		];
		for (const [header, name] of lists) {
			const found = meaning('U_BOOT_DRIVER(acme_mmc)', macrosOf(header));
			assert.deepEqual(found?.list, { name, type: 'driver' });
		}
	});

	it('is a callback in a table of the firmware, with the condition under which there is one', () => {
		const header = `#if defined(CONFIG_OF) && !defined(MODULE)
#define _OF_DECLARE(table, name, compat, fn, fn_type) \\
	static const struct of_device_id __of_table_##name \\
		__used __section("__" #table "_of_table") = { .compatible = compat, .data = fn }
#else
#define _OF_DECLARE(table, name, compat, fn, fn_type)
#endif
#define ACME_OF_DECLARE(name, compat, fn) _OF_DECLARE(acme, name, compat, fn, init_fn)`;
		const found = meaning('ACME_OF_DECLARE(x, "acme,x", fn)', macrosOf(header));
		assert.equal(found?.table, 'acme');
		assert.equal(found?.when, '(OF)');
		// One of two ways to say the same is no condition.
		assert.equal(meaning('device_initcall(fn)', macrosOf(NEW))?.when, '');
	});

	it('is an early console, by the table that serial drivers share', () => {
		const header = `#define EARLYCON_DECLARE(_name, fn) \\
	static const struct earlycon_id __earlycon_##_name = { .setup = fn }; \\
	static const struct earlycon_id __section("__earlycon_table") * const __p##_name = &__earlycon_##_name`;
		assert.equal(meaning('EARLYCON_DECLARE(acme, fn)', macrosOf(header))?.table, 'earlycon');
	});

	it('is told from the definition that is nearest', () => {
		const scopes = scopesOf({
			'include/linux/init.h': OLD,
			'include/other.h': '#define module_init(x) core_initcall(x)',
			'drivers/a.c': '#include <linux/init.h>',
			'drivers/b.c': '#include <other.h>',
			'drivers/c.c': '#define module_init(x)',
		});
		assert.equal(meaning('module_init(fn)', scopes, 'drivers/a.c')?.level?.name, 'device');
		assert.equal(meaning('module_init(fn)', scopes, 'drivers/b.c')?.level?.name, 'core');
		assert.equal(meaning('module_init(fn)', scopes, 'drivers/c.c'), undefined);
	});
});
