/**
 * No error repeats what it is about: feeds each input of the host a file with a canary, broken in the ways that its parser knows, and
 * looks for any part of the canary in every byte that leaves the process. It is nothing that the task redacts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { CANARY, brokenJson, canaryParts } from '../canary.ts';
import { byHand, cleanUp, filesBelow, jobId, newFolder } from '../probe-under-test.ts';

afterEach(cleanUp);

const option = (key: string, value: unknown = CANARY) => JSON.stringify({ [key]: value });

const inputs: Readonly<Record<string, readonly string[]>> = {
  config: [
    ...brokenJson,
    ...['maxDuration', 'mqttVersion', 'standalone', 'priority', 'records', 'work', 'jitter'].map((key) =>
      option(key),
    ),
    option('clientIdTemplate', `{${CANARY}}`),
    ...['broker', 'settingsRequest', 'payload', 'tlsServerName'].map((key) => option(key, `${CANARY} `)),
    option('eventTopic', `${CANARY}#`),
    option('exits', [[CANARY]]),
    option('payload', { [CANARY]: 'x' }),
    option('payload', { names: { level: [CANARY], [CANARY]: CANARY } }),
    option('payload', { names: { level: CANARY, message: CANARY } }),
    option('payload', { levels: { [CANARY]: CANARY } }),
    option('payload', { constants: { [CANARY]: [CANARY] } }),
    option('payload', { constants: { [`${CANARY}..`]: CANARY } }),
  ],
  'ca-file': [CANARY, `-----BEGIN CERTIFICATE-----\n${CANARY}\n-----END CERTIFICATE-----\n`],
  'mqtt-password-file': [`${CANARY}\n${CANARY}\n`, `\n${CANARY}`, `${CANARY}\n\n`],
};

describe('no error repeats its input', () => {
  test('the search would find it', () => {
    expect(canaryParts(`x${CANARY.slice(3, 12)}`).length).toBeGreaterThan(0);
  });

  test.each(
    Object.entries(inputs).flatMap(([flag, texts]) => texts.map((text, n) => [flag, n, text] as const)),
  )('--%s, number %i', async (flag, _, text) => {
    const folder = newFolder();
    const file = join(newFolder(), 'input');
    writeFileSync(file, text, { mode: 0o600 });
    const isForAgent = flag !== 'config';
    const mode = isForAgent
      ? ['--keeper-api-base=https://127.0.0.1:9', '--mqtt-user=job']
      : ['--dry-run', '--verbose'];
    const ended = await byHand([...mode, '--log-level=debug', '--agent-timeout=1s', `--${flag}=${file}`], {
      env: {
        TMPDIR: folder,
        HOME: folder,
        ...(isForAgent && { KEEPER_JOB_ID: jobId, PROBE_STATE_DIR: join(folder, 'state') }),
      },
    });
    const written = filesBelow(folder).map((path) => readFileSync(path, 'latin1'));
    expect([ended.stdout, ended.stderr, ...written].flatMap(canaryParts)).toEqual([]);
    expect(ended.code).toBe(78);
    expect(ended.stderr.split('\n').filter((line) => line.startsWith('probe: ')).length).toBeLessThan(2);
  });
});
