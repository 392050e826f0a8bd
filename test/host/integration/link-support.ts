/** Real servers in the agent's place, as the tests of the link need them; all of them are ended by `cleanUpHostile`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket, TlsOptions } from 'node:tls';
import mqttPacket, { type IConnectPacket, type IPublishPacket, type Packet } from 'mqtt-packet';
import { closeServer, tlsServer } from '../../../scripts/local-agent/hostile-agent.ts';

const folders: string[] = [];

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'link-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

/** An agent's root whose configuration has this port. */
export function rootWith(port: number): string {
  const root = newFolder();
  mkdirSync(join(root, 'Jobs'));
  writeFileSync(join(root, 'appsettings.json'), JSON.stringify({ Settings: { KestrelHttpsPort: port } }));
  return root;
}

/** A status, or a body that is sent with 200. */
export type Answer = number | object | string;

/** An API that answers by path. `asked` grows. */
export async function apiServer(answer: (path: string) => Answer, options: TlsOptions = {}) {
  const asked: string[] = [];
  const port = await tlsServer((socket) => {
    socket.once('data', (data: Buffer) => {
      const path = data.toString('latin1').split(' ')[1] ?? '';
      asked.push(path.replace('/api/PluginSettings/KeeperPrivilegeManager', ''));
      const said = answer(asked.at(-1) ?? '');
      const [status, body] = typeof said === 'number' ? [said, ''] : [200, JSON.stringify(said)];
      socket.end(
        `HTTP/1.1 ${status} X\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    });
  }, options);
  return { port, asked, close: () => closeServer(port) };
}

/** All settings in one reply. */
export function settingsFor(brokerPort: number) {
  return { 'broker.host': '127.0.0.1', 'broker.port': brokerPort };
}

/** A broker of MQTT 3.1.1 that accepts everything, or refuses with a code. Its lists grow. */
export async function brokerServer({ code = 0, ...options }: TlsOptions & { readonly code?: number } = {}) {
  const clients: IConnectPacket[] = [];
  const publications: IPublishPacket[] = [];
  const sockets: TLSSocket[] = [];
  const port = await tlsServer((socket) => {
    sockets.push(socket);
    const send = (packet: Packet) => void socket.write(mqttPacket.generate(packet));
    const parser = mqttPacket.parser();
    parser.on('packet', (packet) => {
      if (packet.cmd === 'connect') {
        clients.push(packet);
        send({ cmd: 'connack', sessionPresent: false, returnCode: code });
      }
      if (packet.cmd === 'publish') {
        publications.push(packet);
        if (packet.messageId !== undefined) send({ cmd: 'puback', messageId: packet.messageId });
      }
    });
    socket.on('data', (data: Buffer) => void parser.parse(data));
  }, options);
  return { port, clients, publications, sockets, close: () => closeServer(port) };
}
