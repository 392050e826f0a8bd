/**
 * The TLS connection of one client: MQTT packets in and out, in the client's version, and the limits of time and size that hold for a
 * connection. The session interprets the packets.
 */
import type { TLSSocket } from 'node:tls';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { type MqttVersion, encode } from './packets.ts';

/** Milliseconds within which a client must send CONNECT. */
const CONNECT_TIMEOUT = 10_000;

export interface ConnectionOptions {
  readonly socket: TLSSocket;
  /** Bytes. */
  readonly maximumPacketSize: number;
  readonly onPacket: (packet: Packet) => void;
  /** A packet above the maximum has started to arrive. */
  readonly onTooLarge: () => void;
  /** There is room again after `send` returned false. */
  readonly onDrain: () => void;
  readonly onClose: () => void;
}

export class ClientConnection {
  readonly socket: TLSSocket;
  version: MqttVersion = 4;
  #silence: NodeJS.Timeout;
  #silenceLimit = CONNECT_TIMEOUT;

  constructor({ socket, maximumPacketSize, onPacket, onTooLarge, onDrain, onClose }: ConnectionOptions) {
    this.socket = socket;
    this.#silence = setTimeout(() => socket.destroy(), this.#silenceLimit);
    const parser = mqttPacket.parser();
    parser.on('packet', (packet) => {
      // Packets after a refusal or a DISCONNECT are ignored.
      if (!socket.writable) return;
      if (this.#silenceLimit > 0) this.#silence.refresh();
      onPacket(packet);
    });
    parser.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      if (parser.parse(bytes) > maximumPacketSize) onTooLarge();
    });
    socket.on('drain', onDrain);
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(this.#silence);
      onClose();
    });
  }

  /** Seconds; 0 for no limit. MQTT 3.1.1, section 3.1.2.10: one and a half times the keep-alive without a packet ends the connection. */
  limitSilence(keepAlive: number): void {
    clearTimeout(this.#silence);
    this.#silenceLimit = keepAlive * 1500;
    if (this.#silenceLimit > 0) this.#silence = setTimeout(() => this.socket.destroy(), this.#silenceLimit);
  }

  /** Returns false if the client is slow. Does nothing after the end. */
  send(packet: Packet): boolean {
    return !this.socket.writable || this.socket.write(encode(packet, this.version));
  }

  /** Ends the connection; a client of MQTT 5 is told the reason first. */
  disconnect(reasonCode: number): void {
    if (this.version === 5) this.send({ cmd: 'disconnect', reasonCode });
    this.socket.destroySoon();
  }
}
