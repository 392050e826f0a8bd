import type { Command } from '../../task/command.ts';

export const uninstall: Command = () => Promise.resolve(0);
