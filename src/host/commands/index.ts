/**
 * The commands of an executable besides its work, by their names: the first argument (`./doctor` is a path). Each one is loaded when it
 * is needed.
 */
import type { Command, CommandName } from '../task/command.ts';

const hostCommands: Readonly<Record<CommandName, () => Promise<Command>>> = {
  deploy: async () => (await import('./deploy/deploy.ts')).deploy,
  doctor: async () => (await import('./doctor/doctor.ts')).doctor,
  uninstall: async () => (await import('./deploy/uninstall.ts')).uninstall,
};

export const commands: Readonly<Record<string, () => Promise<Command>>> = hostCommands;
