/** The parts of WebAssembly's JavaScript interface that the engine uses; Node's types do not declare them. */
declare namespace WebAssembly {
  class Memory {
    readonly buffer: ArrayBuffer;
    constructor(descriptor: { readonly initial: number; readonly maximum?: number });
  }
  const Module: new (bytes: Uint8Array) => object;
  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
    constructor(module: object, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
  }
}
