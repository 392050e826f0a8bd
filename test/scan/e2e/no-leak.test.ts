/**
 * A secret never leaves the file it was found in: plants one of every kind, in contents and in a file's name, runs
 * everything at the most verbose level, and searches every byte that left the process for any part of them.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { redactSecrets } from '../../../src/scan/detect/redaction.ts';
import { allRules } from '../../../src/scan/rules/index.ts';
import { plantable, plantableKinds, planted } from '../../../fixtures/tokens.ts';
import { agentWithJob, byHand, cleanUp, newFolder } from '../scanner-under-test.ts';

afterEach(cleanUp);

/** Shorter parts of a secret may stand anywhere by chance. */
const PART = 12;

/** What a finding says of its kind: the addresses of vendors' pages name hosts that stand in secrets, too. */
const PUBLIC = allRules.map(({ title, remediation, source }) => `${title} ${remediation} ${source}`).join();

/**
 * Every part of a secret that is `PART` characters long, but for the public prefix of its format. What separates the
 * values of a secret with several (JSON, armour) is no part of it.
 */
function parts(secret: string): string[] {
  const values = secret.replaceAll(/-----[A-Z ]+-----|\n/g, '').match(/[\w+/=.-]{16,}/g) ?? [];
  return values.flatMap((value) => {
    const prefix = Math.min(12, Math.floor(value.length / 3));
    return Array.from({ length: value.length - PART - prefix + 1 }, (_, n) =>
      value.slice(n + prefix, n + prefix + PART),
    ).filter((part) => !PUBLIC.includes(part));
  });
}

function everyFile(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Plants one secret of each kind in a file of its own, one in a name, and several on a line. */
function plantAll(folder: string): string[] {
  const secrets = plantableKinds.map((kind) => {
    const secret = plantable(kind);
    writeFileSync(join(folder, `${kind}.conf`), `${planted(kind, secret)}\n`);
    return secret;
  });
  const named = plantable('github-classic-token');
  mkdirSync(join(folder, named));
  writeFileSync(join(folder, named, `${named}.txt`), `a ${plantable('npm-access-token')} b ${named}`);
  return [...secrets, named];
}

function leaked(secrets: readonly string[], outputs: ReadonlyMap<string, string>): string[] {
  const secret = new Set(secrets.flatMap(parts));
  return [...outputs].flatMap(([where, text]) => {
    const found: string[] = [];
    for (let at = 0; at + PART <= text.length; at++) {
      const part = text.slice(at, at + PART);
      if (secret.has(part)) found.push(`${where}: ${part}`);
    }
    return found;
  });
}

describe('no part of a secret leaves the process', () => {
  test.each(['json', 'sarif'])('in a dry run with a %s report', async (extension) => {
    const folder = newFolder();
    const temporary = newFolder();
    const secrets = plantAll(folder);
    const report = join(temporary, `report.${extension}`);
    const ended = await byHand(
      ['--dry-run', '--verbose', '--log-level=debug', `--report=${report}`, folder],
      {
        env: { TMPDIR: temporary, HOME: temporary },
      },
    );
    expect(ended.code).toBe(0);
    const outputs = new Map([
      ['stdout', ended.stdout],
      ['stderr', ended.stderr],
    ]);
    for (const file of everyFile(temporary)) outputs.set(file, readFileSync(file, 'latin1'));
    expect(outputs.size).toBeGreaterThan(2);
    expect(ended.stdout).toContain('[redacted]');
    expect(leaked(secrets, outputs)).toEqual([]);
  });

  test.each([
    ['--standalone', 'json'],
    ['--dry-run', 'sarif'],
  ])('from the names of files and folders: %s, with a report in %s', async (mode, extension) => {
    const folder = newFolder();
    const temporary = newFolder();
    // Contents are found, so that the names are told.
    const found = planted('github-classic-token');
    // A name is at most 255 bytes long. The first ones of a dry run are in the report in text, too.
    const all = plantableKinds
      .map((kind) => plantable(kind))
      .filter((secret) => /^[\w.:=+~!@%,-]{24,230}$/.test(secret) && redactSecrets(secret) === '[redacted]');
    expect(all.length).toBeGreaterThan(330);
    const secrets = mode === '--dry-run' ? all.slice(0, 40) : all;
    for (const secret of secrets) {
      mkdirSync(join(folder, `old-${secret}`));
      for (const name of [
        `pass-${secret}`,
        `x${secret}`,
        `${secret}.txt`,
        `${secret}_old`,
        `old-${secret}/a`,
      ]) {
        writeFileSync(join(folder, name), found);
      }
    }
    const report = join(temporary, `report.${extension}`);
    const state = mode === '--dry-run' ? ['--verbose'] : [`--state-dir=${temporary}`];
    const ended = await byHand([mode, '--log-level=debug', ...state, `--report=${report}`, folder], {
      env: { TMPDIR: temporary, HOME: temporary },
    });
    expect(ended.code).toBe(0);
    const outputs = new Map([
      ['stdout', ended.stdout],
      ['stderr', ended.stderr],
    ]);
    for (const file of everyFile(temporary)) outputs.set(file, readFileSync(file, 'latin1'));
    const written = Array.from(outputs.keys(), (path) => path.slice(temporary.length + 1));
    if (mode === '--standalone') expect(written).toEqual(expect.arrayContaining(['state.db', 'files.index']));
    // SARIF has URIs, in which brackets are encoded.
    const redacted = readFileSync(report, 'utf8').match(/\[redacted\]|%5Bredacted%5D/g) ?? [];
    expect(redacted.length).toBeGreaterThanOrEqual(5 * secrets.length);
    expect(leaked(secrets, outputs)).toEqual([]);
  });

  test.each([undefined, 'refuse', 'no-ack'] as const)(
    'under the agent, with the broker fault %s',
    async (broker) => {
      const folder = newFolder();
      const temporary = newFolder();
      const secrets = plantAll(folder);
      const report = join(temporary, 'report.json');
      const agent = await agentWithJob(
        ['--log-level=debug', '--agent-timeout=2s', `--report=${report}`, folder],
        {
          environment: { TMPDIR: temporary },
          minimumLevel: 'Debug',
          faults: { broker },
        },
      );
      const run = await agent.runJob('secrets-scan');
      const outputs = new Map([
        ['output', run.tasks.map(({ stdout, stderr }) => stdout + stderr).join('')],
        ['records', JSON.stringify([agent.records, agent.events, agent.audit])],
      ]);
      // The agent's root holds its log and audit and the task's state; the executable and the agent's own keys aside.
      const written = [...everyFile(agent.root), ...everyFile(temporary)].filter(
        (file) => !['/bin/', '/Certificates/'].some((folder) => file.includes(folder)),
      );
      for (const file of written) outputs.set(file, readFileSync(file, 'latin1'));
      expect(outputs.size).toBeGreaterThan(4);
      expect(leaked(secrets, outputs)).toEqual([]);
    },
  );

  test('the search would detect a leak', () => {
    const secret = plantable('github-classic-token');
    expect(leaked([secret], new Map([['here', `x${secret.slice(10, 30)}y`]])).length).toBeGreaterThan(0);
  });
});
