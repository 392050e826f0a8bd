/** The switches of the link: addresses, certificates, identity, versions of MQTT. */
import { resolve } from 'node:path';
import { fileHash } from '../../../scripts/local-agent/index.ts';
import { taskBuild } from '../probe/task-build.ts';
import { dropped, otherVersion, refusedAt, wrongCertificate } from './causes.ts';
import type { Value } from './value.ts';

const caFile = { 'ca-file': '{root}/Certificates/ca.crt' };
const otherIds = { clientIdPattern: /^agent-(?<jobId>.+)$/ };
const otherName = { certificateNames: ['agent.internal'] };

/** How the agent and its broker are reached, and whom they let in. */
export const linkValues: readonly Value[] = [
  {
    switch: 'client id',
    name: 'other, refused',
    agent: otherIds,
    cause: refusedAt('connection', /code (2|133)\); possible causes: .*--client-id-template.*doctor/),
  },
  {
    switch: 'client id',
    name: 'other, denied silently',
    agent: { ...otherIds, wrongClientId: 'deny-silently' },
    cause: dropped('identity'),
  },
  {
    switch: 'client id',
    name: 'other, with clientIdTemplate',
    agent: { ...otherIds, wrongClientId: 'deny-silently' },
    config: { clientIdTemplate: 'agent-{jobId}' },
  },
  {
    switch: 'signature',
    name: 'required',
    agent: { requireSignature: true },
    cause: refusedAt('settings', /HTTP 403; possible causes: .*not signed.*doctor/),
  },
  {
    switch: 'signature',
    name: 'required, allowed',
    agent: { requireSignature: true, allowedExecutables: [probeHash()] },
  },
  ...(['localhost', '127.0.0.1'] as const).map((name): Value => ({
    switch: 'certificate names',
    name,
    agent: { certificateNames: [name] },
    flags: caFile,
  })),
  {
    switch: 'certificate names',
    name: 'other',
    agent: otherName,
    flags: caFile,
    cause: wrongCertificate(/certificate is for DNS:agent\.internal.*--tls-server-name/),
  },
  {
    switch: 'certificate names',
    name: 'other, with --tls-server-name',
    agent: otherName,
    flags: { ...caFile, 'tls-server-name': 'agent.internal' },
  },
  { switch: 'certificate', name: 'self-signed', agent: { selfSigned: true }, flags: caFile },
  {
    switch: 'certificate fault',
    name: 'expired',
    agent: { faults: { certificate: 'expired' } },
    flags: caFile,
    cause: wrongCertificate(/certificate has expired/),
  },
  {
    switch: 'certificate fault',
    name: 'other-host',
    agent: { faults: { certificate: 'other-host' } },
    flags: caFile,
    cause: wrongCertificate(/certificate is for DNS:agent\.example\.com/),
  },
  { switch: 'API address', name: 'literal', agent: { apiBaseUrl: 'literal' } },
  { switch: 'API address', name: 'wrong port', agent: { apiBaseUrl: 'wrong-port' } },
  { switch: 'appsettings.json', name: 'omitted', agent: { appSettings: false } },
  {
    switch: 'broker login',
    name: 'missing',
    agent: { brokerCredentials: { user: 'job', password: 'word' } },
    cause: refusedAt('connection', /broker refuses this client.*--mqtt-user/),
  },
  {
    switch: 'broker login',
    name: 'given',
    agent: { brokerCredentials: { user: 'job', password: 'word' } },
    flags: { 'mqtt-user': 'job', 'mqtt-password-file': '{root}/password' },
    files: { password: 'word\n' },
  },
  { switch: 'MQTT', name: '5 only', agent: { mqttVersions: ['5'] }, isEvidence: true },
  { switch: 'MQTT', name: '3.1.1 only', agent: { mqttVersions: ['3.1.1'] }, isEvidence: true },
  {
    switch: 'MQTT',
    name: '3.1.1 only, closing',
    agent: { mqttVersions: ['3.1.1'], unsupportedVersion: 'close' },
    isEvidence: true,
  },
  {
    switch: 'MQTT',
    name: '3.1.1 only, with --mqtt-version=5',
    agent: { mqttVersions: ['3.1.1'] },
    flags: { 'mqtt-version': '5' },
    cause: otherVersion,
  },
];

/** SHA-256 of the packed probe; empty where it is not packed. */
function probeHash(): string {
  try {
    return fileHash(resolve('dist', taskBuild.name));
  } catch {
    return '';
  }
}
