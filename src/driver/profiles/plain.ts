/**
 * What a profile of a subsystem says where it has nothing to say: nothing is read beyond its folders, no
 * call means anything, and devices come as they do on any machine with a device tree.
 */
import { defaultInterest } from '../interest.ts';
import type { Profile } from '../profile.ts';

/** Everything but what a profile is about. */
export const plain: Omit<Profile, 'id' | 'title' | 'covers' | 'folders'> = {
	files: [],
	callers: [],
	callersMention: /^/,
	kconfigFolders: [],
	registersDriver: (callee) =>
		/register|_probe$|create_bundle$/.test(callee) && !/unregister/.test(callee),
	installCalls: new Map(),
	synchronousCalls: new Map(),
	registerCalls: new Set(),
	fwnodeCalls: new Map(),
	declareMacros: new Map(),
	deviceCreators: new Set([
		'platform_device_register',
		'platform_device_register_full',
		'platform_device_register_simple',
		'platform_device_add',
	]),
	bootMacros: new Set(),
	hooks: [],
	// of_platform_default_populate_init(), an arch_initcall_sync; customize_machine() before v4.9.
	devicesExist: { name: 'arch', sync: true },
	declaredLevel: () => undefined,
	capabilities: () => [],
	api: [],
	interest: defaultInterest,
};
