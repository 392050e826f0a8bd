/**
 * Jest's environment for Node, but for the global object, which is an ordinary one here. Jest's own calls back for each use of
 * a global (`Math.max` takes 150 ns instead of one), so that code which looks at every byte takes many times as long in it.
 */
import { constants, createContext, runInContext } from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

// oxlint-disable-next-line import/no-default-export -- this is how jest takes an environment.
export default class PlainEnvironment extends TestEnvironment {
  constructor(...parameters: ConstructorParameters<typeof TestEnvironment>) {
    super(...parameters);
    const made = this.global;
    this.context = createContext(constants.DONT_CONTEXTIFY);
    this.global = runInContext('globalThis', this.context);
    for (const key of Reflect.ownKeys(made)) {
      // The language's own are there, and belong to this context.
      if (!Object.hasOwn(this.global, key)) provide(this.global, made, key);
    }
    Object.assign(this.global, { global: this.global, Uint8Array, ArrayBuffer });
    this.global.Error.stackTraceLimit = 100;
  }
}

/** What jest makes when it is first asked for, since to ask for some globals of Node warns, is so here too. */
function provide(target: object, source: object, key: string | symbol): void {
  const descriptor = Object.getOwnPropertyDescriptor(source, key);
  if (descriptor === undefined) return;
  if (descriptor.get === undefined) {
    Object.defineProperty(target, key, descriptor);
    return;
  }
  const { enumerable = false } = descriptor;
  const settle = (value: unknown) =>
    Object.defineProperty(target, key, { value, enumerable, configurable: true, writable: true });
  Object.defineProperty(target, key, {
    enumerable,
    configurable: true,
    get: () => {
      const value: unknown = Reflect.get(source, key);
      settle(value);
      return value;
    },
    set: settle,
  });
}
