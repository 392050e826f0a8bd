/** The checks that every reader makes in its loops. */
import { ContainerError, type ReaderLimits } from './container.ts';

/** @throws ContainerError `container-limit` when the run must end, or the container has used its time */
export function stopIfOver(limits: ReaderLimits): void {
  if (limits.isOver()) throw new ContainerError('container-limit', 'no time left');
}
