/** The kernels that this machine supports. */
import { type Kernel, loadTools } from '../../src/scan/task-build.ts';

const { kernelOfMachine } = await loadTools();

/** Includes those that are chosen on other machines, so that each is tested wherever the tests run. */
export function kernelsOfMachine(): Kernel[] {
  const fastest = kernelOfMachine();
  const all: Kernel[] = ['relaxed', 'plain', 'scalar'];
  return all.slice(all.indexOf(fastest));
}
