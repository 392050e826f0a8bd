/**
 * The way from one session to the broker's core and back: MQTT 3.1.1 in memory. Owns the pipe's flow and its end; what the
 * packets mean is the session's.
 */
import { Duplex } from 'node:stream';
import type { Aedes } from 'aedes';
import mqttPacket, { type Packet } from 'mqtt-packet';

export interface CorePipeOptions {
  readonly core: Aedes;
  /** What the core says to the client. */
  readonly onPacket: (packet: Packet) => void;
  /** There is room again after `send` returned false. */
  readonly onDrain: () => void;
  /** The core has ended the session, of its own accord or because it was told to. */
  readonly onClose: () => void;
}

/**
 * aedes takes all that is there with `read(null)`, and its parser cannot be entered again while it works. From Node 26 on
 * that call gives one buffer at a time (nodejs/node, pull request 60441), so a second one would arrive in the middle.
 * For the same reason nothing may be pushed while the core reads, as stream.duplexPair() does.
 */
class CoreConnection extends Duplex {
  override read(size?: number | null): unknown {
    return super.read(size ?? this.readableLength);
  }
}

export class CorePipe {
  /** The connection as the core sees it. */
  readonly #connection: Duplex;
  #isPaused = false;
  /** Asks the core for more, while the client is behind. */
  #held: (() => void) | undefined;

  constructor({ core, onPacket, onDrain, onClose }: CorePipeOptions) {
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    parser.on('packet', onPacket);
    this.#connection = new CoreConnection({
      read: onDrain,
      write: (bytes: Buffer, _, done) => {
        parser.parse(bytes);
        if (this.#isPaused) this.#held = done;
        else done();
      },
    });
    this.#connection.on('close', onClose);
    core.handle(this.#connection);
  }

  /** False when the core is behind. */
  send(bytes: Buffer): boolean {
    return this.#connection.destroyed || this.#connection.push(bytes);
  }

  /** Holds back what the core says, while the client is behind. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    const held = this.#held;
    this.#held = undefined;
    held?.();
  }

  /** The client has gone: the core reads what is left, then closes its end. */
  end(): void {
    this.resume();
    if (!this.#connection.destroyed) this.#connection.push(null);
  }
}
