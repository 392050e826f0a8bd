/** A hostile process on the agent's ports: the work is done all the same, the code says what happened, and memory stays bounded. */
import { writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { certificate, newKeys } from '../../../scripts/local-agent/tls/certificate.ts';
import { cleanUpHostile, flood, settingsApi, tlsServer } from '../../../scripts/local-agent/hostile-agent.ts';
import { byHand, cleanUp, jobId, newFolder, peakMemoryOf, readProbeReport } from '../probe-under-test.ts';

afterEach(async () => {
  cleanUpHostile();
  await cleanUp();
});

const MEGABYTE = 1024 * 1024;
/** Runs the job against an API on this port. */
async function runAgainst(
  apiPort: number,
  env: Readonly<Record<string, string>> = {},
  besides: readonly string[] = [`--keeper-api-base=https://127.0.0.1:${apiPort}`],
) {
  const report = join(newFolder(), 'report.json');
  let peak = 0;
  let timer: NodeJS.Timeout | undefined;
  const args = [
    ...besides,
    '--agent-timeout=3s',
    `--state-dir=${join(newFolder(), 'state')}`,
    `--report=${report}`,
    '--store=1',
  ];
  const ended = await byHand(args, {
    env: { KEEPER_JOB_ID: jobId, ...env },
    onStart: ({ pid }) => {
      timer = setInterval(() => (peak = Math.max(peak, peakMemoryOf(pid))), 10);
    },
  });
  clearInterval(timer);
  return { ...ended, peak, announced: readProbeReport(report).announced.length };
}

const connack = Buffer.from([0x20, 2, 0, 0]);
const brokers: readonly [string, number, RegExp, (socket: Socket) => void][] = [
  [
    'announces a packet of 256 MB and sends it',
    76,
    /announced a packet of 268435455 bytes/,
    (socket) => {
      socket.write(Buffer.from([0x20, 0xff, 0xff, 0xff, 0x7f]));
      flood(socket, Buffer.alloc(65_536));
    },
  ],
  [
    'accepts and then announces a publication of 256 MB',
    76,
    /does not follow MQTT/,
    (socket) => {
      socket.write(Buffer.concat([connack, Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])]));
      flood(socket, Buffer.alloc(65_536));
    },
  ],
  [
    'accepts and then acknowledges without end',
    76,
    /does not follow MQTT/,
    (socket) => {
      socket.write(connack);
      flood(socket, Buffer.from([0x40, 2, 0, 1]));
    },
  ],
];

describe('a broker that', () => {
  test.each(brokers)('%s: %i', async (_, code, reason, onConnect) => {
    const broker = await tlsServer((socket) => socket.once('data', () => onConnect(socket)));
    const run = await runAgainst(await settingsApi(broker));
    expect(run).toMatchObject({ code, announced: 1, stderr: expect.stringMatching(reason) });
    expect(run.peak).toBeLessThan(200 * MEGABYTE);
  });
});

test('doctor names a broker that answers a publication with something else', async () => {
  const broker = await tlsServer((socket) =>
    socket.once('data', () => {
      socket.write(Buffer.from([0x20, 3, 0, 0, 0]));
      socket.on('data', () => socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])));
    }),
  );
  const args = [`--keeper-api-base=https://127.0.0.1:${await settingsApi(broker)}`, '--agent-timeout=3s'];
  const { code, stdout } = await byHand(['doctor', ...args], { env: { KEEPER_JOB_ID: jobId } });
  expect(code).toBe(76);
  expect(stdout).toMatch(/FAILED {3}Publication acknowledged .*does not follow MQTT/);
  expect(stdout).toMatch(/\nFirst failure: Publication acknowledged/);
});

test('an API whose reply never ends: 76', async () => {
  const api = await tlsServer((socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      flood(socket, Buffer.from(`10000\r\n${'['.repeat(65_536)}\r\n`));
    }),
  );
  const run = await runAgainst(api);
  expect(run).toMatchObject({ code: 76, announced: 1, stderr: expect.stringContaining('is larger than') });
  expect(run.peak).toBeLessThan(200 * MEGABYTE);
});

test("a certificate's text cannot write lines or move the cursor, on standard error or in records", async () => {
  const { publicKey, privateKey } = newKeys();
  const commonName = '\u001b[2J\u007f\u009b2J\u202ex\u2028y\r\nforged';
  const validity = {
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
  };
  const issuer = { commonName: 'hostile', publicKey, privateKey };
  const ca = join(newFolder(), 'ca.pem');
  const authority = await certificate(
    { commonName: 'hostile', purpose: 'authority', ...validity },
    publicKey,
    issuer,
  );
  writeFileSync(ca, authority);
  const api = await tlsServer((socket) => socket.end(), {
    cert: (await certificate({ commonName, purpose: 'server', ...validity }, publicKey, issuer)) + authority,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  });
  const run = await runAgainst(api, {}, [`--keeper-api-base=https://localhost:${api}`, `--ca-file=${ca}`]);
  expect(run).toMatchObject({ code: 69, announced: 1, stderr: expect.stringContaining('forged') });
  expect(run.stderr).toMatch(/^(?:[^\p{Cc}\p{Cf}\p{Zl}]|\n)*$/u);
  // A record is one line of JSON; nothing has made another one.
  expect(run.stderr.split('\n').filter((line) => line.startsWith('forged'))).toEqual([]);
});

test('what an agent calls its job cannot write lines or move the cursor', async () => {
  const hostile = '\u001b[2Ja\u007fb\u009bc\u202ed\ne\u2028f';
  const refused = await byHand([], { env: { KEEPER_JOB_ID: hostile } });
  expect(refused.code).toBe(78);
  expect(refused.stderr).toMatch(/^probe: KEEPER_JOB_ID: [\x20-\x7e]+\n$/);
  const long = await byHand([], { env: { KEEPER_JOB_ID: 'a'.repeat(5000) } });
  expect(long.code).toBe(78);
  expect(long.stderr.length).toBeLessThan(200);
  const api = await tlsServer((socket) => socket.end());
  const named = await runAgainst(api, { KEEPER_JOB_NAME: hostile.repeat(1000) });
  expect(named.code).toBe(69);
  expect(named.stderr).toMatch(/^(?:[^\p{Cc}\u202e\u2028]|\n)*$/u);
});
