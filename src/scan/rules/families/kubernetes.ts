/**
 * Kubernetes and Docker: kubeconfig files, Secrets, tokens of service accounts and for bootstrapping, registry
 * credentials.
 */
import { BEFORE } from '../authoring/boundaries.ts';
import type { Rule } from '../model/rule.ts';
import { setting } from '../authoring/settings.ts';
import {
  encodedRegistryAuths,
  registryAuth,
  secretValues,
  serviceAccountToken,
} from '../validators/kubernetes.ts';
import { opaque } from '../validators/opaque.ts';

const registry =
  'Change the password or revoke the token at the registry, then log in with a Docker credential helper.';

/** A text as it stands within base64 that begins one, two or three bytes before it. */
function withinBase64(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const bytes = Buffer.from(' '.repeat(shift) + text);
    return bytes.toString('base64', shift === 0 ? 0 : 3, bytes.length - (bytes.length % 3));
  });
}

/** What a service account's token says of its subject. */
const serviceAccount = withinBase64('system:serviceaccount:');

/** `name: value` on lines that are indented. */
const lines = String.raw`(?<secret>(?:[\t ]{1,12}["']?[A-Za-z0-9_.-]{1,100}["']?:[\t ]{1,8}[^\r\n]{1,8192}\r?\n?){1,64})`;
const members = String.raw`(?<secret>[^{}]{4,16384})`;
const isSecret = String.raw`kind:[\t ]{1,4}["']?Secret["']?[\t ]{0,4}\r?\n`;
const isSecretJson = String.raw`"kind":\s{0,4}"Secret"`;
const dataJson = String.raw`"(?<kind>data|stringData)":\s{0,4}\{${members}\}`;
const otherLines = String.raw`(?:(?!---|kind:)[^\n]{0,400}\n){0,60}?`;

export const kubernetesRules: readonly Rule[] = [
  {
    id: 'kubernetes-secret',
    title: 'Kubernetes Secret with its values',
    severity: 'high',
    remediation:
      'Change the credentials in the Secret, and encrypt its manifest or keep the values out of files.',
    source: 'https://kubernetes.io/docs/concepts/configuration/secret/',
    keywords: ['kind:', 'kind"'],
    pattern: new RegExp(
      [
        `${isSecret}${otherLines}[\\t ]{0,8}(?<kind>data|stringData):[\\t ]{0,4}\\r?\\n${lines}`,
        `(?<![^\\n])(?<kind>data|stringData):[\\t ]{0,4}\\r?\\n${lines}(?:(?!data:)[^\\n]{0,100}\\n){0,4}?${isSecret}`,
        `${isSecretJson}[^]{0,1500}?${dataJson}`,
        `${dataJson}[^]{0,100}?${isSecretJson}`,
      ].join('|'),
    ),
    window: { before: 17_000, after: 32_000 },
    next: [{ of: '\\s:"\'', least: 1, most: 8 }, ...['S', 'e', 'c'].map((of) => ({ of, least: 1 }))],
    validate: secretValues,
  },
  setting({
    id: 'kubeconfig-credential',
    title: 'Token or password in a kubeconfig file',
    severity: 'critical',
    remediation:
      'Revoke the token or certificate in the cluster, and use an exec plugin that issues short-lived credentials.',
    source: 'https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/',
    files: {
      names: [
        'config',
        'kubeconfig',
        'kubeconfig.yaml',
        'kubeconfig.yml',
        'admin.conf',
        'kubelet.conf',
        'k3s.yaml',
      ],
      extensions: ['kubeconfig'],
      path: /kube|k3s/,
    },
    line: String.raw`(?:-[\t ])?(?:token|password|id-token|refresh-token|access-token|client-secret):[\t ]{1,8}`,
    value: String.raw`["']?(?<secret>[^\s"']{3,4096})(?!\S)`,
  }),
  {
    id: 'kubernetes-service-account-token',
    title: 'Kubernetes service account token',
    severity: 'high',
    remediation:
      'Delete the Kubernetes Secret that holds the token, or delete the service account. Use tokens that expire instead.',
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/',
    keywords: serviceAccount,
    pattern: new RegExp(
      `(?<![A-Za-z0-9_])eyJ[A-Za-z0-9_-]{10,400}\\.[A-Za-z0-9_-]{10,1024}?(?:${serviceAccount.join('|')})[A-Za-z0-9_-]{8,1024}\\.[A-Za-z0-9_-]{40,1024}(?![A-Za-z0-9_-])`,
    ),
    window: { before: 1440, after: 2080 },
    next: { of: 'A-Za-z0-9_-', least: 8 },
    validate: serviceAccountToken,
  },
  {
    id: 'kubernetes-bootstrap-token',
    title: 'Kubernetes bootstrap token',
    severity: 'medium',
    remediation: 'Delete the token with `kubeadm token delete`, then create a new one if it is still needed.',
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/',
    confidence: 'medium',
    keywords: ['--token', 'token:'],
    pattern: new RegExp(
      `(?:--token[= ]|token:[\\t ]{1,4})["']?${BEFORE}(?<secret>[a-z0-9]{6}\\.[a-z0-9]{16})(?![A-Za-z0-9_.-])`,
    ),
    window: { before: 0, after: 32 },
    next: [
      { of: '= \\t"\'', least: 1, most: 6 },
      { of: 'a-z0-9', least: 6, most: 7 },
      { of: '.', least: 1 },
      { of: 'a-z0-9', least: 16 },
    ],
    validate: (secret) => opaque(secret, secret.replace('.', '')),
  },
  {
    id: 'docker-registry-auth',
    title: 'Container registry password',
    severity: 'high',
    remediation: registry,
    source: 'https://docs.docker.com/reference/cli/docker/login/#credential-stores',
    keywords: ['"auth"', String.raw`"auth\"`],
    pattern: /"auth\\?"\s{0,8}:\s{0,8}\\?"(?<secret>[A-Za-z0-9+/]{8,4096}={0,2})\\?"/,
    window: { before: 0, after: 4120 },
    next: [
      { of: '\\s:\\\\', least: 1, most: 20 },
      { of: '"', least: 1 },
    ],
    validate: registryAuth,
  },
  {
    id: 'docker-registry-auths-in-base64',
    title: 'Container registry passwords in base64',
    severity: 'high',
    remediation: registry,
    source: 'https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/',
    keywords: ['eyJhdXRocyI6', 'ewogICJhdXRocyI6', 'ewoJImF1dGhzIjog'],
    pattern:
      /(?<![A-Za-z0-9+/])(?:eyJhdXRocyI6|ewogICJhdXRocyI6|ewoJImF1dGhzIjog)[A-Za-z0-9+/]{20,8192}={0,2}/,
    window: { before: 0, after: 8194 },
    next: { of: 'A-Za-z0-9+/', least: 20 },
    validate: encodedRegistryAuths,
  },
];
