/**
 * The pipe between a session and the broker's core: MQTT 3.1.1 in memory. It controls the flow and the end of the pipe; the session
 * interprets the packets.
 */
import { Duplex } from 'node:stream';
import type { Aedes } from 'aedes';
import mqttPacket from 'mqtt-packet';
import { type BrokerPacket, isFromBroker } from './packets.ts';

export interface CorePipeOptions {
  readonly core: Aedes;
  /** Receives packets from the core. */
  readonly onPacket: (packet: BrokerPacket) => void;
  /** Called when there is room again after `send` returned false. */
  readonly onDrain: () => void;
  /** Called when the core has ended the session, by itself or on request. */
  readonly onClose: () => void;
}

/**
 * aedes reads all available data with `read(null)`, and its parser is not reentrant. From Node 26 on, that call returns one buffer at a time
 * (nodejs/node, pull request 60441), so a second one would arrive in the middle. For the same reason, nothing may be pushed while the
 * core reads, as stream.duplexPair() does.
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
  /** Resumes the core after the client was slow. */
  #held: (() => void) | undefined;

  constructor({ core, onPacket, onDrain, onClose }: CorePipeOptions) {
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    parser.on('packet', (packet) => {
      if (!isFromBroker(packet)) throw new Error(`the core sent ${packet.cmd}`);
      onPacket(packet);
    });
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

  /** Returns false if the core is slow. */
  send(bytes: Buffer): boolean {
    return this.#connection.destroyed || this.#connection.push(bytes);
  }

  /** Pauses the core while the client is slow. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    const held = this.#held;
    this.#held = undefined;
    held?.();
  }

  /** The client is gone: the core reads the rest, then closes its end. */
  end(): void {
    this.resume();
    if (!this.#connection.destroyed) this.#connection.push(null);
  }
}
