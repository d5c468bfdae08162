/**
 * What is done to a variable where its name stands: read, written, or handed on. The helpers of the
 * kernel that take an address are listed here with what they do to it (include/linux: list.h, atomic.h, bitops.h,
 * rcupdate.h, idr.h, xarray.h, string.h); of any other call that gets an address both is possible.
 */
import type { AccessCode } from './trace.ts';

/** The place of a name. */
export interface Occurrence {
	/** `&name` */
	address: boolean;
	/** What is assigned: the variable, something in it (`name->x = `, `name[i] = `, `*name = `), or not at all. */
	assigned: 'no' | 'whole' | 'part';
	/** `+=`, `++` and the like: it is read as well. */
	compound: boolean;
	/** A member, an element, or what it points to is meant. */
	part: boolean;
	/** `name->`: an address is then one that it points to. */
	through: boolean;
	/** The call it is an argument of, and which; '' where it is none. */
	callee: string;
	argument: number;
	/** The argument is this name and nothing else. */
	alone: boolean;
}

/** What helpers do to what their arguments name; the last word counts for all further ones. */
const HELPERS: readonly (readonly [RegExp, ...AccessCode[]])[] = [
	[/for_each/, 'R'],
	[/^h?list_(?:empty|first|last|entry|is|next|prev|count|singular)/, 'R'],
	[/^h?list_(?:add|del|move|splice|replace|swap|rotate|bulk|cut)/, 'U'],
	[/^INIT_(?:H?LIST_HEAD|RADIX_TREE)$|^(?:idr|ida|xa|hash|kref|refcount|kobject)_init/, 'W'],
	[/^rcu_dereference|^rcu_access|^READ_ONCE$|^smp_load_acquire$/, 'R'],
	[/^rcu_assign_pointer$|^WRITE_ONCE$|^smp_store_release$|^RCU_INIT_POINTER$/, 'W', 'R'],
	[/^(?:atomic\w*|refcount|kref)_read/, 'R'],
	[/^(?:atomic\w*|refcount|kref)_set/, 'W', 'R'],
	[/^atomic|^refcount_|^kref_/, 'U'],
	[/^test_bit$|^find_\w*bit|^bitmap_(?:empty|full|weight)/, 'R'],
	[/^_*(?:set|clear|change|test_and_\w+)_bit/, 'R', 'U'],
	[/^(?:idr|ida|xa|radix_tree)_(?:find|load|lookup|get_next|empty|is_empty)/, 'R'],
	[/^(?:idr|ida|xa|radix_tree|rb)_/, 'U'],
	[/^mem(?:set|cpy|move)$|^str(?:n|l|s)?cpy$|^s[nc]*printf$|^bitmap_(?:zero|fill|copy)$/, 'W', 'R'],
	[/^(?:dev|pr|netdev|pci|seq)_(?:err|warn|info|dbg|notice|printf|puts)/, 'R'],
	[/^IS_ERR|^PTR_ERR|^ERR_|^WARN|^BUG|^printk|^(?:un)?likely$|^k?v?z?free/, 'R'],
	[/^(?:min|max|clamp)(?:_t)?$|^ALIGN|^cpu_to_|^be\d|^le\d|^container_of$|^list_entry$/, 'R'],
];

/** Locks are no state: whoever takes one has read nothing. */
const LOCK =
	/^_*(?:raw_)?(?:spin|read|write|seq)\w*(?:lock|seq)|^(?:rt_)?mutex_|^(?:down|up)(?:_\w+)?$|^init_rwsem$|^sema_init$|^lockdep_|^assert_spin_locked$|^(?:scoped_)?guard$|^(?:wait|wake)_|^complete|^init_completion$/;

/** What says something of a type, and touches nothing. */
const TYPE_ONLY = /^(?:sizeof|typeof|__typeof__|ARRAY_SIZE|offsetof|__alignof__|BUILD_BUG_ON\w*)$/;

/** How a variable is touched; undefined when it is not. */
export function accessOf(one: Occurrence): AccessCode | undefined {
	const { callee, argument } = one;
	if (one.assigned !== 'no') {
		if (one.compound) return 'U';
		return one.assigned === 'whole' ? 'W' : 'M';
	}
	const handed = one.through ? 'V' : 'P';
	if (callee === '') return one.address ? handed : plain(one);
	if (TYPE_ONLY.test(callee) || LOCK.test(callee)) return undefined;
	const helper = HELPERS.find(([name]) => name.test(callee));
	if (helper !== undefined) {
		const codes = helper.slice(1) as AccessCode[];
		const code = codes[Math.min(argument, codes.length - 1)] ?? 'R';
		// A value is not changed by being handed over; what a plain name of an array or pointer stands for is.
		return one.address || (one.alone && !one.part) || code === 'R' ? code : plain(one);
	}
	if (one.address) return handed;
	return one.alone && !one.part ? 'V' : plain(one);
}

function plain(one: Occurrence): AccessCode {
	return one.part ? 'D' : 'R';
}
