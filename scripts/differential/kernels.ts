/** The kernels that this machine runs. */
import { type Kernel, kernelOfMachine } from '../../src/scan/engine/index.ts';

/** Those that are chosen on other machines included, so that each is tested wherever the tests run. */
export function kernelsOfMachine(): Kernel[] {
  const fastest = kernelOfMachine();
  const all: Kernel[] = ['relaxed', 'plain', 'scalar'];
  return all.slice(all.indexOf(fastest));
}
