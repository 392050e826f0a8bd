/** What the engine uses of WebAssembly's JavaScript interface; Node's types leave it to the browser's. */
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
