/** Problems with the data of a container: they end the part that they are in, and the other parts are read all the same. */
import { ContainerError } from '../container.ts';

/**
 * What is wrong with the data, if that is what the error says. A number or place in it that is out of range is damage.
 * @throws the error itself if it is about something else, such as a limit
 */
export function problemOf(error: unknown): ContainerError {
  if (error instanceof RangeError) return new ContainerError('damaged', 'a size or place in it is not valid');
  if (!(error instanceof ContainerError) || error.reason === 'container-limit') throw error;
  return error;
}

/** Remembers the first problem, to report it when everything else has been read. */
export class Problems {
  #first: ContainerError | undefined;

  /** @throws the error itself if it is not about the data */
  note(error: unknown): void {
    const problem = problemOf(error);
    this.#first ??= problem;
  }

  /** @throws ContainerError if there was a problem */
  report(): void {
    if (this.#first !== undefined) throw this.#first;
  }
}
