/**
 * The stream below the MQTT client, which exists before the connection. Data from the client waits until the peer has been checked;
 * data from the broker passes the packet guard before the client receives it.
 */
import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { asError } from '../exit/task-error.ts';
import type { PacketGuard } from './packet-guard.ts';

export class BrokerStream extends Duplex {
  readonly #open: (signal: AbortSignal) => Promise<TLSSocket>;
  readonly #guard: PacketGuard;
  readonly #abort = new AbortController();
  #socket: TLSSocket | undefined;

  constructor(open: (signal: AbortSignal) => Promise<TLSSocket>, guard: PacketGuard) {
    super({ allowHalfOpen: false });
    this.#open = open;
    this.#guard = guard;
  }

  override _construct(ready: (error?: Error | null) => void): void {
    void this.#connect().then(ready);
  }

  /** Returns the error of an attempt that failed. */
  async #connect(): Promise<Error | undefined> {
    try {
      this.#attach(await this.#open(this.#abort.signal));
      return undefined;
    } catch (error) {
      return asError(error);
    }
  }

  #attach(socket: TLSSocket): void {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      const violation = this.#guard.violation(chunk);
      if (violation !== undefined) this.destroy(violation);
      else if (!this.push(chunk)) socket.pause();
    });
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket?.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket?.write(chunk, done);
  }

  /** The client writes a packet in many small pieces. */
  override _writev(pieces: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#socket?.write(Buffer.concat(pieces.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket?.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#abort.abort(error ?? new Error('the connection was given up'));
    this.#socket?.destroy();
    done(error);
  }
}
