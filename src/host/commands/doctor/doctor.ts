import type { Command } from '../../task/command.ts';

export const doctor: Command = () => Promise.resolve(0);
